import type {LambdaClient, LambdaClientConfig} from '@aws-sdk/client-lambda';

/** Which function, and where. */
export interface ClientOptions {
  /** Name or ARN. */
  functionName: string;
  /** By default as the SDK finds it. */
  region?: string;
  /** The address of a service other than AWS's own, such as the one `npm run serve` starts. */
  endpoint?: string;
  /** By default as the SDK finds them. */
  credentials?: LambdaClientConfig['credentials'];
  /**
   * A ready client in place of those above. A render holds its connection for up to 15 minutes: its requests must be
   * allowed to take that long.
   */
  lambda?: LambdaClient;
}

/** A film to render. */
export interface RenderRequest {
  jobType?: 'fullRender';
  /** Names the job and its film: 1 to 128 of A-Z a-z 0-9 . _ -, no dot first. Random by default. */
  jobId?: string;
  /** How many chunks, 1 to 1000; by default it depends on the film's length. */
  numWorkers?: number;
  /**
   * The values of `useScene().variables` in the project, in place of all its own. If left out, the project
   * keeps its own.
   */
  variables?: Record<string, unknown>;
  /** Whether the variables are in the bucket, because they are too large for an event. */
  variablesStored?: boolean;
  /** Also store a SHA-256 of every frame's pixels. */
  frameHashes?: boolean;
  /** `cheapest` by default. */
  quality?: 'cheapest' | 'balanced' | 'best';
  /** Whether a film without sound has a silent sound track; true by default. */
  silentTrack?: boolean;
  /** Seconds into the film; the picture shown there is stored next to it. */
  poster?: number;
  /** How many small pictures, 1 to 100, are stored next to the film, side by side in one file. */
  thumbnails?: number;
  /** Seconds for which the returned address is valid, 1 to 604,800; an hour by default. */
  expiresIn?: number;
  /**
   * US dollars that the job may cost on Lambda, above 0, at most 10,000. The default is the function's
   * setting, which is 5 unless changed. A job that reaches the limit stops with `MaxCostReached`; if it is
   * sent again with a higher one, it continues with its chunks.
   */
  maxCost?: number;
  /** Days after which the film is deleted; by default it is kept forever. */
  expireAfter?: 1 | 3 | 7 | 30;
  /** Where the film is put, if not under `renders/` in the function's bucket. */
  output?: {
    bucket?: string | undefined;
    key?: string | undefined;
    storageClass?:
      | 'STANDARD'
      | 'STANDARD_IA'
      | 'ONEZONE_IA'
      | 'INTELLIGENT_TIERING'
      | 'GLACIER_IR'
      | undefined;
  };
  /**
   * Receives progress and the end of the job. The function signs each message with its secret
   * `REVIDEO_WEBHOOK_SECRET_<secretName>`, or with `secret`, 16 to 256 characters, which Lambda may keep for
   * 14 days.
   */
  webhook?: {url: string; secretName?: string; secret?: string; customData?: unknown};
}

/** The cost of a job, in US dollars. */
export interface Cost {
  total: number;
  /** Billed time and memory. */
  compute: number;
  /** Invocations, each as such. */
  requests: number;
  /** Operations of the storage. */
  storage: number;
  invocations: number;
  gbSeconds: number;
  /** Whether every invocation's REPORT line is known, except the orchestrator's own. */
  exact: boolean;
  /** Which prices. */
  prices: {region: string; date: string};
}

/** A finished film. */
export interface RenderResult {
  jobId: string;
  state: 'finished';
  /** Where the film can be fetched from for `expiresIn` seconds, an hour unless the request says otherwise. */
  resultUrl: string;
  bucket: string;
  key: string;
  frames: number;
  durationSeconds: number;
  bytes: number;
  /** Where the hashes of all frames are, if they were asked for. */
  hashesKey?: string | undefined;
  /** Chunks it was drawn in. */
  workers: number;
  /** The chunks of the run that finished the job, by how it got them. */
  chunks: {rendered: number; reused: number; retried: number; doubled: number};
  /** How often the job continued in a fresh invocation. */
  handedOver: number;
  /** The renderer with its version, such as `Revideo 0.11.0`. */
  drawnWith?: string | undefined;
  /** The time of the job, in seconds. */
  seconds: {total: number; planning: number; rendering: number; merging: number; publishing: number};
  /** The cost of all the job's runs; left out where nothing is billed. */
  cost?: Cost | undefined;
  /** Where the picture is that `poster` asked for. */
  poster?: {key: string; url?: string | undefined} | undefined;
  /** Where the pictures are that `thumbnails` asked for, side by side from left to right. */
  thumbnails?:
    | {key: string; url?: string | undefined; count: number; width: number; height: number}
    | undefined;
  /** Where the report is: a page that shows what the job did. */
  reportKey?: string | undefined;
  /** Problems that did not stop the render: at most 20, each one line of at most 500 characters. An older function sends none. */
  warnings?: string[] | undefined;
}

/** How far a render is. */
export interface RenderProgress {
  /** Starts again where another invocation continues the job. */
  phase: 'planning' | 'rendering' | 'merging' | 'publishing' | 'done' | 'failed' | 'cancelled';
  /** Frames of the film; 0 until the project has said how many. */
  frames: number;
  /** Frames that are drawn, those of chunks that are still being drawn included. */
  framesDrawn: number;
  /** Chunks of the film; 0 until it is planned. */
  chunks: number;
  chunksDone: number;
  /** Each chunk in order. */
  cells: {
    state: 'waiting' | 'starting' | 'drawing' | 'uploading' | 'retrying' | 'done' | 'reused';
    frames: number;
    framesDrawn: number;
    attempts: number;
  }[];
  /** Bytes of the stored chunks. */
  bytes: number;
  /** Since the job was begun. */
  elapsedSeconds: number;
  /** An estimate; left out while there is none. */
  secondsLeft?: number | undefined;
  /** US dollars so far; left out where nothing is billed. */
  cost?: number | undefined;
  /** The last of what went wrong, retried or not. */
  errors: {
    chunk?: number | undefined;
    attempt?: number | undefined;
    errorType: string;
    errorMessage: string;
  }[];
}

/** The state of a job. */
export interface RenderStatus {
  jobId: string;
  /**
   * `unknown`: no run has started, or its film was deleted, or overwritten, since. `waiting`: it was handed
   * over, and no run has continued it yet. `cancelled`: for good. `failed` with `run` 0: every event for it
   * was refused, or failed before it had a run.
   */
  state: 'unknown' | 'running' | 'waiting' | 'finished' | 'failed' | 'cancelled';
  /** Which run of the job this is about, 1 for the first; 0 for none. */
  run: number;
  /** Grows every 2 s while the run lives. */
  beat: number;
  progress?: RenderProgress;
  /** The result of a finished job, with a fresh address, valid for as long as the job's `expiresIn` says. */
  result?: RenderResult;
  /** The error of a failed job. */
  error?: {errorType: string; errorMessage: string};
}

/** The result of cancelling a job. */
export interface CancelResult {
  jobId: string;
  /** `finished` if the film was there before. */
  state: 'cancelled' | 'finished';
  message: string;
}

/** A job that was sent. */
export interface StartedJob {
  jobId: string;
  /** The job's last run before it was sent, 0 if there was none: what that one came to is no news of this one. */
  after: number;
  /** Lambda's name of the invocation: by it, the job tells what that one was refused for. */
  invocation?: string | undefined;
}

/** Options of every call. */
export interface CallOptions {
  /** Ends the waiting with its reason; the job goes on. */
  signal?: AbortSignal | undefined;
}

/** How to wait for a film. */
export interface WaitOptions extends CallOptions {
  /** Called when something has changed. The numbers never run backwards. */
  onProgress?: ((progress: RenderProgress) => void) | undefined;
  /**
   * Milliseconds without a heartbeat after which a job that is rendered counts as dead; 30,000 by default.
   */
  silence?: number | undefined;
  /** Milliseconds in which a run must start or continue the job; 300,000 by default. */
  patience?: number | undefined;
}

/**
 * A function that renders films. It rejects with a `RenderFailed`, the signal's reason, or a `TypeError` for
 * an invalid option. Where it fetches a film, it may reject with an error of the file system.
 */
export interface Client {
  /**
   * Renders a film and waits for it. It also survives a lost connection, and a job that outlives its first
   * invocation: then it asks about the job by its name. Only then it reports progress; `start` and `waitFor`
   * report it from the beginning.
   */
  render(event: RenderRequest, options?: WaitOptions): Promise<RenderResult>;
  /**
   * Sends a job, and returns as soon as Lambda has taken the event. If the request has a jobId, it first asks
   * about that job's state.
   */
  start(event: RenderRequest, options?: CallOptions): Promise<StartedJob>;
  /** Waits for a job's film. Takes what `start` gave, or a jobId. */
  waitFor(job: string | StartedJob, options?: WaitOptions): Promise<RenderResult>;
  /** The state of a job. */
  progress(jobId: string, options?: CallOptions): Promise<RenderStatus>;
  /**
   * Stops a job for good. Rejects with `JobUnknown` if no run of it has started. `force` cancels such a job
   * too, so that its jobId cannot be used for 30 days.
   */
  cancel(jobId: string, options?: CallOptions & {force?: boolean | undefined}): Promise<CancelResult>;
  /** Fetches a finished job's film into a file, which is there whole or not at all; missing folders are made. */
  download(jobId: string, path: string, options?: CallOptions): Promise<RenderResult>;
}
