/** Variables of a project, by name. Where a request leaves them out, they are undefined: the project's own stay. */
export type Variables = Readonly<Record<string, unknown>>;

/** The variables that a project knows, as JSON; those that are no JSON are left out. */
export interface ProjectVariables {
  /** The project's own variables, from `makeProject({variables})`. Given variables replace all of these. */
  own: Record<string, unknown>;
  /**
   * The variables that its scenes ask for while none are given, with the scenes' defaults; without those in
   * `own`.
   */
  asked: Record<string, unknown>;
}

/** A project's description of its film for given variables. Counted once, by the orchestrator. */
export interface Timeline {
  /** Number of frames, at least 1. */
  frames: number;
  /** Frames a second; may be fractional (24000/1001). */
  fps: number;
  /** Pixels. */
  size: {width: number; height: number};
  /** Frames of each segment, in order; together all frames. It depends on the film alone, never on the number of workers. */
  segments: number[];
  /** The version of Revideo that draws it; left out by a renderer that does not know it. */
  revideo?: string | undefined;
  /** Every stretch of sound, in no particular order. */
  sounds: SoundRun[];
  /**
   * Problems of the project that do not stop the render, in words for its author. The same for the same project and
   * variables: they must not depend on timing or on a cache.
   */
  warnings?: string[];
}

/**
 * A stretch of one clip's or track's sound that plays on without a jump, at one speed and one volume.
 * A node whose volume, speed or time changes gives several runs that follow each other.
 */
export interface SoundRun {
  /**
   * The node of the film that sounds. Runs of one voice are decoded as one if each continues where the one
   * before ends. A run without it stands alone.
   */
  voice?: string | undefined;
  /** The address as the project names it: `/music.mp3` of its `public/`, or http, https, data. */
  src: string;
  /** First output frame in which it plays. */
  startFrame: number;
  /** For how many output frames it plays, at least 1. */
  frames: number;
  /** Position in the source at the start of `startFrame`, in seconds; below 0 the source begins later, by so much. */
  mediaTime: number;
  /** Seconds of source that pass in a second of film, above 0. */
  playbackRate: number;
  /** Factor on the amplitude, 0 or more; 1 leaves it as it is. */
  volume: number;
}
