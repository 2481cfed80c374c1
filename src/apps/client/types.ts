import type {LambdaClient, LambdaClientConfig} from '@aws-sdk/client-lambda';

/** Which function, and where. */
export interface ClientOptions {
  /** Name or ARN. */
  functionName: string;
  /** As the SDK finds it, unless told. */
  region?: string;
  /** Of a service other than AWS's own, such as the one `npm run serve` starts. */
  endpoint?: string;
  /** As the SDK finds them, unless told. */
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
  /** Names the job and its film: 1 to 128 of A-Z a-z 0-9 . _ -, no dot first. A random one unless told. */
  jobId?: string;
  /** How many chunks, 1 to 1000; by the film's length unless told. */
  numWorkers?: number;
  /** What the project reads with `useScene().variables`, in place of all its own; left out, its own stay. */
  variables?: Record<string, unknown>;
  /** Whether the variables are in the bucket, because they are too large for an event. */
  variablesStored?: boolean;
  /** Also store a SHA-256 of every frame's pixels. */
  frameHashes?: boolean;
  /** `cheapest` unless told. */
  quality?: 'cheapest' | 'balanced' | 'best';
  /** Whether a film in which nothing sounds has a silent sound track; true unless told. */
  silentTrack?: boolean;
  /** Seconds into the film; the picture shown there is stored next to it. */
  poster?: number;
  /** How many small pictures, 1 to 100, are stored next to the film, side by side in one file. */
  thumbnails?: number;
  /** Seconds for which the returned address is good, 1 to 604,800; an hour unless told. */
  expiresIn?: number;
  /**
   * US dollars that the job may cost on Lambda, above 0, at most 10,000; as the function is set unless told, which is 5. A
   * job that has cost as much stops with `MaxCostReached`; sent again with more, it goes on with its chunks.
   */
  maxCost?: number;
  /** Days after which the film is deleted; kept for ever unless told. */
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
   * Who is told of progress and of the end. What is sent is signed with the secret that the function has as
   * `REVIDEO_WEBHOOK_SECRET_<secretName>`, or with `secret`, 16 to 256 characters, which Lambda may keep for 14 days.
   */
  webhook?: {url: string; secretName?: string; secret?: string; customData?: unknown};
}

/** What a job cost, in US dollars. */
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
  /** Whether every invocation's REPORT line is known, but for the orchestrator's own. */
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
  /** What became of them in the run that finished the job. */
  chunks: {rendered: number; reused: number; retried: number; doubled: number};
  /** How often the job went on in a fresh invocation. */
  handedOver: number;
  /** What drew it, with its version, such as `Revideo 0.11.0`. */
  drawnWith?: string | undefined;
  /** What it took, in seconds. */
  seconds: {total: number; planning: number; rendering: number; merging: number; publishing: number};
  /** Of all the job's runs; left out where nothing is billed. */
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
  /** Begins anew where another invocation goes on with the job. */
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
  /** Of the chunks that are stored. */
  bytes: number;
  /** Since the job was begun. */
  elapsedSeconds: number;
  /** About; left out while it cannot be told. */
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

/** What is known of a job. */
export interface RenderStatus {
  jobId: string;
  /**
   * `unknown`: nobody has begun it, or its film was deleted, or overwritten, since. `waiting`: it was handed over, and nobody goes on with
   * it yet. `cancelled`: for good.
   * `failed` with `run` 0: every event for it was refused, or failed before it had a run.
   */
  state: 'unknown' | 'running' | 'waiting' | 'finished' | 'failed' | 'cancelled';
  /** Which run of the job this is about, 1 for the first; 0 for none. */
  run: number;
  /** Grows every 2 s while the run lives. */
  beat: number;
  progress?: RenderProgress;
  /** Of a finished job, with a fresh address, good for as long as the job asked with `expiresIn`. */
  result?: RenderResult;
  /** Of a failed job. */
  error?: {errorType: string; errorMessage: string};
}

/** What became of a job that was to be cancelled. */
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

/** What ends a wait. */
export interface CallOptions {
  /** Ends the waiting with its reason; the job goes on. */
  signal?: AbortSignal | undefined;
}

/** How to wait for a film. */
export interface WaitOptions extends CallOptions {
  /** Told when something has changed. The numbers never run backwards. */
  onProgress?: ((progress: RenderProgress) => void) | undefined;
  /** Milliseconds without a sign of life after which a job that is rendered counts as dead; 30,000 unless told. */
  silence?: number | undefined;
  /** Milliseconds in which somebody has to have begun the job, or to go on with it; 300,000 unless told. */
  patience?: number | undefined;
}

/**
 * A function that renders films. Everything it rejects with is a `RenderFailed`, the signal's reason, a `TypeError` for an
 * option that cannot be used, or, where a film is fetched, what the file system says.
 */
export interface Client {
  /**
   * Renders a film and waits for it. Also where the connection is lost, or the job outlives its first invocation: it
   * has a name, and is asked for by that. Only then is there progress; `start` and `waitFor` tell it from the beginning.
   */
  render(event: RenderRequest, options?: WaitOptions): Promise<RenderResult>;
  /**
   * Has a film rendered, and returns as soon as Lambda has taken the event. Where the request has a jobId, it asks
   * first what became of that before.
   */
  start(event: RenderRequest, options?: CallOptions): Promise<StartedJob>;
  /** Waits for a job's film. Takes what `start` gave, or a jobId. */
  waitFor(job: string | StartedJob, options?: WaitOptions): Promise<RenderResult>;
  /** What is known of a job. */
  progress(jobId: string, options?: CallOptions): Promise<RenderStatus>;
  /**
   * Stops a job for good. Rejects with `JobUnknown` for one that nobody has begun; `force` cancels that too, so that nobody
   * can use its jobId for 30 days.
   */
  cancel(jobId: string, options?: CallOptions & {force?: boolean | undefined}): Promise<CancelResult>;
  /** Fetches a finished job's film into a file, which is there whole or not at all; missing folders are made. */
  download(jobId: string, path: string, options?: CallOptions): Promise<RenderResult>;
}
