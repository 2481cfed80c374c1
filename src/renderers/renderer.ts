import type {Encoding} from '../model/encoding.ts';
import type {SegmentFile} from '../model/segment-file.ts';
import type {ProjectVariables, Timeline, Variables} from '../model/timeline.ts';

/** Segments to draw, one after the other: frames `[start, end)`. */
export interface SegmentOrder {
  start: number;
  end: number;
  /**
   * Frames of each segment, in order, `end - start` together. Each is encoded on its own: its bytes depend on nothing outside
   * it. Left out: it is one segment.
   */
  segments?: readonly number[];
  /** Undefined: the project's own. */
  variables: Variables | undefined;
  /** Also take a hash of every frame's pixels, as proof that two renders are the same. */
  frameHashes?: boolean;
  /** Compresses the picture; the browser's encoder by default. */
  encoding?: Encoding;
}

/** The surroundings of one call of the renderer. */
export interface RenderOptions {
  /** Where files may be written; the caller removes it. */
  directory: string;
  signal: AbortSignal;
}

/**
 * Draws a film. Rejects with `ProjectNotFound`, `ProjectBroken`, `SceneFailed`, `MediaFailed`, `ToolMissing`,
 * `FfmpegFailed`, `DiskFailed`, `BrowserCrashed`, `RenderStalled` or `Aborted`.
 */
export interface Renderer {
  /**
   * A hash of everything but the variables and the encoding that decides the pixels: project, media, page.
   *
   * @param anew reads the project's files again before it draws. Otherwise a project stays as it was when it
   * was opened, so that an edit does not break a running job.
   */
  fingerprint(options: {signal: AbortSignal; anew?: boolean}): Promise<string>;
  /** Plans the film; without variables, with the project's own. */
  plan(variables: Variables | undefined, options: RenderOptions): Promise<Timeline>;
  /** The project's variables; left out by a renderer that cannot know them. Rejects as `plan` does. */
  readVariables?(options: {signal: AbortSignal}): Promise<ProjectVariables>;
  /**
   * Draws segments, and gives each as soon as it is encoded, in order. The files belong to the caller. It stops when the caller
   * stops taking them.
   */
  render(
    order: SegmentOrder,
    options: RenderOptions & {onFrames?: (drawn: number) => void},
  ): AsyncIterable<SegmentFile>;
  /**
   * Turns a media address of the project into an input that ffmpeg can open. That is a file's path, the
   * address itself, or an http address at which this renderer serves another server's file. Such an address
   * answers with a text if it cannot continue. Good until `close`.
   */
  locate(src: string): Promise<string>;
  /** Closes the browser and the servers. */
  close(): Promise<void>;
}
