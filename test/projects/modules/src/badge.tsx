import {initial, Rect, type RectProps, signal} from '@revideo/2d';
import type {SignalValue, SimpleSignal} from '@revideo/core';

export interface BadgeProps extends RectProps {
  level?: SignalValue<number>;
}

/** A component as Revideo's documentation makes one. */
export class Badge extends Rect {
  @initial(3)
  @signal()
  public declare readonly level: SimpleSignal<number, this>;

  public constructor(props: BadgeProps) {
    super(props);
  }
}

class Base {
  public word = 'base';
}

/** With the target of Revideo's template a field without a value leaves what there is. */
export class Derived extends Base {
  public word: string;
}
