import {makeScene2D, Video, type VideoProps} from '@revideo/2d';
import {createRef, useScene, useTime, waitFor} from '@revideo/core';
import {addClock} from './clock';

/** What a clip does: its properties, and at which seconds of the film something else happens to it. */
export interface ClipCase {
  props: VideoProps;
  at?: {seconds: number; seek?: number; pause?: boolean; play?: boolean; tween?: number}[];
}

/** What a node's own type keeps to itself, and scenes use nevertheless. */
type Seekable = {time(value: number): void};

/**
 * Shows clips that carry their frame number as squares, 192 by 48 pixels each, one below the other, and above
 * each of them the time its node asks for: test and scene cannot disagree about that.
 */
export const scene = makeScene2D('clips', function* (view) {
  const cases = useScene().variables.get('cases', [])() as ClipCase[];
  const seconds = Number(useScene().variables.get('seconds', 1)());
  const nodes = cases.map(({props}, index) => {
    const video = createRef<Video>();
    const y = -90 + index * 60 + 36;
    view.add(<Video {...props} ref={video} size={[192, 48]} position={[-64, y]} smoothing={false} />);
    addClock(view, video(), index * 60);
    return video();
  });
  const events = cases
    .flatMap(({at = []}, index) => at.map((event) => ({...event, node: nodes[index]!})))
    .sort((a, b) => a.seconds - b.seconds);
  for (const {seconds: when, seek, pause, play, tween, node} of events) {
    yield* waitFor(when - useTime());
    if (pause) node.pause();
    if (seek !== undefined) (node as unknown as Seekable).time(seek);
    if (play) node.play();
    if (tween) yield* node.opacity(1, tween);
  }
  yield* waitFor(seconds - useTime());
});
