import {RenderError} from '../../base/errors.ts';
import type {SegmentFile} from '../../model/segment-file.ts';
import type {Renderer, SegmentOrder} from '../../renderers/renderer.ts';
import type {Range} from './cover.ts';

/** An order with the frames of each of its segments. */
type WholeOrder = SegmentOrder & {segments: readonly number[]};

/** Where segments go, and how many of them are wanted. */
interface Drawing {
  renderer: Renderer;
  /** Takes each segment when it is drawn. */
  add: (segment: SegmentFile) => Promise<void>;
  /** The frame before which the drawing may end. */
  until: () => number;
}

/** The facts about segments that were drawn. */
export interface DrawnSegments {
  /** One past the last frame. */
  end: number;
  /** Seconds; 0 where the renderer does not say. */
  drawing: number;
  encoding: number;
  /** Problems that did not stop the drawing, each once. */
  warnings: string[];
}

/** Draws segments one after the other, until the last one or an earlier end. Rejects as `render` and `add` do, or with `ChunkMismatch`. */
export async function drawSegments(
  order: WholeOrder,
  {renderer, add, until}: Drawing,
  options: Parameters<Renderer['render']>[1],
): Promise<DrawnSegments> {
  const [lengths, warnings] = [order.segments.values(), new Set<string>()];
  let [end, drawing, encoding] = [order.start, 0, 0];
  for await (const segment of renderer.render(order, options)) {
    checkSegment(segment, {start: end, frames: lengths.next().value});
    end = segment.end;
    drawing += segment.seconds?.drawing ?? 0;
    encoding += segment.seconds?.encoding ?? 0;
    for (const warning of segment.warnings ?? []) warnings.add(warning);
    await add(segment);
    // After the last one the loop ends by itself: a renderer that is left early cannot keep its page.
    if (end < order.end && end >= until()) break;
  }
  if (end < Math.min(order.end, until())) throw missingFrames(order, end);
  return {end, drawing, encoding, warnings: [...warnings]};
}

/** A segment must be the next one of the order. */
function checkSegment(
  {start, end, frames}: SegmentFile,
  expected: {start: number; frames: number | undefined},
): void {
  if (start === expected.start && frames === expected.frames && end === start + frames) return;
  throw new RenderError(
    'ChunkMismatch',
    `A segment of ${expected.frames ?? 'no'} frames from frame ${expected.start} on was asked for; ${frames} frames from ${start} to ${end - 1} were drawn.`,
  );
}

const missingFrames = (asked: Range, end: number): RenderError =>
  new RenderError(
    'ChunkMismatch',
    `Frames ${asked.start} to ${asked.end - 1} were asked for, ${asked.end - asked.start} in all; ${end - asked.start} were drawn.`,
  );
