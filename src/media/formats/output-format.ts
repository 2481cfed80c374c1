import type {Encoding} from '../../model/encoding.ts';
import type {Quality} from '../../model/quality.ts';
import type {ChunkFile} from '../../model/segment-file.ts';
import type {Timeline} from '../../model/timeline.ts';

/** The part of a film's plan that its joining depends on. */
export type JoinPlan = Pick<Timeline, 'frames' | 'fps' | 'size'>;

/** Frames `[start, end)` of the film, encoded. */
export interface Segment {
  start: number;
  end: number;
  file: ChunkFile;
}

/** Where a finished film is made. */
export interface JoinTarget {
  timeline: JoinPlan;
  /** The film's metadata, by names that ffmpeg knows: `title`, `comment`. */
  metadata?: Readonly<Record<string, string>>;
  /** The joiner owns the segments' files: it removes each once it is joined, and all at `abort`. */
  consume?: boolean;
  /** For the film, and for files on the way to it. The caller removes it. */
  directory: string;
  signal: AbortSignal;
}

/** A finished film that is not verified yet. */
export interface JoinedFilm {
  /** In the target's directory. */
  path: string;
}

/** Makes one finished file of segments. Its caller ends it by `finish` or by `abort`. */
export interface Joiner {
  /**
   * Takes a segment, in any order: segments arrive as their workers are done.
   * Rejects with `ChunkMismatch`, and names the segment, if it is not within the film, overlaps another, or has another
   * number of frames. Rejects with `Internal` after the end.
   */
  add(segment: Segment): Promise<void>;
  /**
   * Makes the film, with a sound file of the film's length where one is given.
   * Rejects with `FilmMismatch` and the frames that are missing, or as ffmpeg and the disk do; nothing is left then.
   */
  finish(sound?: string): Promise<JoinedFilm>;
  /** Gives up, also in the middle of `finish`, which rejects then. Leaves no file of its own; may be called twice. */
  abort(): Promise<void>;
}

/** ffmpeg's arguments that put a picture and a sound into one file. */
export interface MuxSettings {
  /** Extension of the finished file, without a dot. */
  readonly extension: string;
  /**
   * Extension of a chunk's file, without a dot. The file is an elementary stream that `merge.ts` can join byte by
   * byte.
   */
  readonly chunkExtension: string;
  /** ffmpeg's name of the demuxer that reads such a stream. */
  readonly chunkDemuxer: string;
  /** ffmpeg's arguments for the sound. */
  readonly audioArguments: readonly string[];
  /** ffmpeg's arguments for the container. */
  readonly containerArguments: readonly string[];
}

/** A format of finished files, and the joiner that makes them. A new format is one more object of this kind. */
export interface OutputFormat extends MuxSettings {
  /** As events and the command line call it. */
  readonly name: string;
  readonly kind: 'video' | 'animation' | 'stills' | 'audio';
  /** The content type for storage and browsers. */
  readonly mimeType: string;
  /** The encodings of a quality that this format can hold, the usual one first. */
  encodings(quality: Quality): readonly [Encoding, ...Encoding[]];
  /** Begins a film. Rejects with `ToolMissing` or `Aborted`. */
  open(target: JoinTarget): Promise<Joiner>;
  /** Compares a finished file with its plan. Rejects with `FilmMismatch`. */
  verify(path: string, plan: {timeline: JoinPlan; sound: boolean}): Promise<void>;
}
