import type {Encoding} from '../model/encoding.ts';
import type {ChunkFile, ProjectVariables, Timeline, Variables} from '../model/timeline.ts';

/** One chunk to draw: frames `[start, end)`. */
export interface ChunkRequest {
  start: number;
  end: number;
  /** Undefined: the project's own. */
  variables: Variables | undefined;
  /** Also take a hash of every frame's pixels, as proof that two renders are the same. */
  frameHashes?: boolean;
  /** What compresses the picture; the browser unless told. */
  encoding?: Encoding;
}

/** What accompanies a piece of rendering. */
export interface RenderOptions {
  /** Where files may be written; the caller removes it. */
  directory: string;
  signal: AbortSignal;
}

/** What draws. Rejects with `ProjectNotFound`, `ProjectBroken`, `SceneFailed`, `MediaFailed`, `ToolMissing`, `FfmpegFailed`, `DiskFailed`,
 * `BrowserCrashed`, `RenderStalled` or `Aborted`. */
export interface Renderer {
  /**
   * A hash of everything but the variables and the encoding that decides the pixels: project, media, page.
   *
   * @param anew looks at the project's files again, and draws from then on what they say now; else a project stays as it
   * was when it was opened, so that an edit does not end a job that runs
   */
  fingerprint(options: {signal: AbortSignal; anew?: boolean}): Promise<string>;
  /** What the film is; with the project's own variables where none are given. */
  plan(variables: Variables | undefined, options: RenderOptions): Promise<Timeline>;
  /** The project's variables; left out by a renderer that cannot know them. Rejects as `plan` does. */
  readVariables?(options: {signal: AbortSignal}): Promise<ProjectVariables>;
  /** Draws frames `[start, end)` into one encoded file without sound. */
  renderChunk(
    chunk: ChunkRequest,
    options: RenderOptions & {onFrames?: (drawn: number) => void},
  ): Promise<ChunkFile>;
  /**
   * Turns a media address of the project into what ffmpeg can open: a file's path, the address itself, or an http
   * address at which this renderer reads another server's file, and which tells as text why it could not go on.
   * Good until `close`.
   */
  locate(src: string): Promise<string>;
  /** Lets go of browser and servers. */
  close(): Promise<void>;
}
