import {canonicalJson} from '../base/canonical-json.ts';

/** The facts about a run of encoded frames. */
export interface FrameFacts {
  /** How many frames were encoded. */
  frames: number;
  /** SHA-256 of every frame's pixels (I420) as they were given to the encoder, in order, if asked for. */
  hashes?: string[];
  /**
   * Small pictures of the first and the last frame: the luma of 32 x 18 areas, row by row, a byte each, in
   * base64. Left out by a renderer that does not see its frames.
   */
  borders?: {first: string; last: string};
  /** The files of other servers that it shows, or that were read before it. Left out by a renderer that does not know them. */
  media?: SeenMedia[];
  /** Problems that do not stop the render, in words for the project's author; stored with the frames. */
  warnings?: string[];
}

/** A segment that was drawn and encoded. */
export interface SegmentFile extends FrameFacts {
  /** Its frames `[start, end)` of the film. */
  start: number;
  end: number;
  /**
   * An H.264 Annex B elementary stream without reordered frames, from an encoder of its own. It starts with a keyframe, and its
   * bytes depend on nothing outside the segment.
   */
  path: string;
  /** How long it took. Left out by a renderer that does not know. */
  seconds?: {drawing: number /** Waiting for the encoder. */; encoding: number};
}

/** A chunk: the streams of its segments, one after the other. */
export interface ChunkFile extends FrameFacts {
  path: string;
  /** The runs of segments that were drawn in one document each; left out where it is one. */
  runs?: DrawnRun[];
}

/** Segments in a chunk's file that were drawn one after the other in one document. */
export interface DrawnRun extends FrameFacts {
  /** First byte in the file. */
  offset: number;
  bytes: number;
}

/** A file of another server, in the version that was read. */
export interface SeenMedia {
  /** A hash of its address; not the address itself, which may give access to it. */
  id: string;
  /** The address as a message may show it. */
  name: string;
  /** Bytes. */
  length?: number | undefined;
  /** As its server tells them. */
  etag?: string | undefined;
  modified?: string | undefined;
  /** It could not be read, and the film went on without it. */
  missing?: boolean | undefined;
}

/** The facts of runs of frames that follow each other, as those of one. Facts that one of them lacks are left out. */
export function joinFacts(all: readonly FrameFacts[]): FrameFacts {
  const frames = all.reduce((sum, one) => sum + one.frames, 0);
  const hashes = all.every((one) => one.hashes) ? all.flatMap((one) => one.hashes ?? []) : undefined;
  const [first, last] = [all[0]?.borders, all.at(-1)?.borders];
  const media = all.some((one) => one.media) ? distinct(all.flatMap((one) => one.media ?? [])) : undefined;
  const warnings = distinct(all.flatMap((one) => one.warnings ?? []));
  return {
    frames,
    ...(hashes && {hashes}),
    ...(first && last && {borders: {first: first.first, last: last.last}}),
    ...(media && {media}),
    ...(warnings.length > 0 && {warnings}),
  };
}

/** Each value once, in the order of the first of them. */
const distinct = <T>(values: readonly T[]): T[] => [
  ...new Map(values.map((value) => [canonicalJson(value), value])).values(),
];
