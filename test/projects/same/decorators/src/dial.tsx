import {initial, Node, Rect, signal} from '@revideo/2d';
import {Color, type SignalValue, type SimpleSignal} from '@revideo/core';

/** A bar that is as long as its level. */
export class Dial extends Node {
  @initial(0.5)
  @signal()
  declare public readonly level: SimpleSignal<number, this>;

  public constructor(props: {level?: SignalValue<number>; x?: number; y?: number}) {
    super(props);
    this.add(<Rect height={20} width={() => this.level() * 100} fill={new Color('#f5c542')} />);
  }
}
