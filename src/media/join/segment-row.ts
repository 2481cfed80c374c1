import {RenderError} from '../../base/errors.ts';
import type {Segment} from '../formats/output-format.ts';

/** The segments of a film that have arrived, in any order. */
export class SegmentRow {
  readonly #frames: number;
  readonly #byStart = new Map<number, Segment>();

  /** @param frames of the whole film */
  constructor(frames: number) {
    this.#frames = frames;
  }

  /** Takes a segment. @throws `ChunkMismatch` that names it, if it cannot be one of this film */
  add(segment: Segment): void {
    const {start, end, file} = segment;
    if (
      !(Number.isInteger(start) && Number.isInteger(end) && 0 <= start && start < end && end <= this.#frames)
    )
      throw wrong(segment, `does not lie within the ${this.#frames} frames of the film`);
    if (file.frames !== end - start) throw wrong(segment, `has ${file.frames} frames, not ${end - start}`);
    const other = [...this.#byStart.values()].find((one) => start < one.end && one.start < end);
    if (other) throw wrong(segment, `overlaps frames ${other.start} to ${other.end}`);
    this.#byStart.set(start, segment);
  }

  /** Those that have arrived, in the film's order. */
  inOrder(): Segment[] {
    return [...this.#byStart.values()].sort((a, b) => a.start - b.start);
  }

  /** All segments, in the film's order. @throws `FilmMismatch` that names the frames which are missing */
  whole(): Segment[] {
    const segments = this.inOrder();
    let at = 0;
    for (const {start, end} of [...segments, {start: this.#frames, end: this.#frames}]) {
      if (start !== at)
        throw new RenderError(
          'FilmMismatch',
          `Frames ${at} to ${start} of the film's ${this.#frames} are missing: their segments did not arrive.`,
        );
      at = end;
    }
    return segments;
  }
}

const wrong = ({start, end, file}: Segment, how: string): RenderError =>
  new RenderError('ChunkMismatch', `The segment of frames ${start} to ${end} (${file.path}) ${how}.`);
