import type {Border} from '../../base/network/border.ts';
import {borderFetch} from '../../base/network/fetch.ts';
import {within} from '../../base/within.ts';
import {endingOf} from '../../job/ending.ts';
import type {JobEvent, JobWatcher, WatchedJob} from '../../model/job-events.ts';
import type {Progress} from '../../model/progress.ts';
import {type Webhook, withSecret} from '../../model/webhook-secret.ts';
import {keepWebhook, readWebhook} from './kept.ts';
import type {Notice, WebhookOptions} from './options.ts';
import {post} from './post.ts';

/** The tools of a watcher. */
export interface WatcherTools
  extends Pick<WebhookOptions, 'storage' | 'secrets' | 'progressEvery' | 'limit'> {
  border: Border;
  /** Sends the notice of the end, once. */
  tell: (notice: Omit<Notice, 'signal'>) => Promise<void>;
}

/** Milliseconds between two messages of progress. */
const PROGRESS_EVERY = 10_000;
/** Milliseconds for requests about a webhook's stored receiver. */
const KEEPING = 5_000;

/** Sends a run's progress and end to the webhook of its request, or of the run before. */
export class WebhookWatcher implements JobWatcher {
  readonly #job: WatchedJob;
  readonly #tools: WatcherTools;
  readonly #webhook: Promise<Webhook | undefined>;
  readonly #stop = new AbortController();
  readonly #every: number;
  /** When there may be a message of progress again. */
  #next: number;
  #messages = 0;
  #progress: Promise<unknown> | undefined;
  #end: Promise<unknown> | undefined;

  constructor(job: WatchedJob, tools: WatcherTools) {
    this.#job = job;
    this.#tools = tools;
    this.#every = tools.progressEvery ?? PROGRESS_EVERY;
    // The run before may have sent one just now.
    this.#next = job.run === 1 ? 0 : performance.now() + this.#every;
    this.#webhook = this.#keep();
  }

  onEvent(event: JobEvent, progress: Progress): void {
    const ending = endingOf(event);
    if (ending) {
      this.#stop.abort();
      this.#end ??= this.#deliver((webhook) => this.#tools.tell({...this.#job, ending, webhook}));
      return;
    }
    if (event.state === 'failed') return;
    // Nothing is known before the film is planned; and one at a time.
    if (progress.frames === 0 || this.#progress || performance.now() < this.#next) return;
    this.#next = performance.now() + this.#every;
    this.#progress = this.#deliver((webhook) => this.#sendProgress(webhook, progress)).finally(() => {
      this.#progress = undefined;
    });
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.all([this.#webhook, this.#progress, this.#end]);
  }

  /** Never rejects: a failure here must not make the job fail. */
  async #deliver(send: (webhook: Webhook) => Promise<unknown>): Promise<void> {
    const webhook = await this.#webhook;
    if (webhook) await send(webhook).catch(() => {});
  }

  async #sendProgress(named: Webhook, progress: Progress): Promise<void> {
    const webhook = withSecret(named, this.#tools.secrets ?? {});
    const {jobId, run} = this.#job;
    const id = `${jobId}-${run}-progress-${++this.#messages}`;
    const message = {id, type: 'progress', jobId, run, progress} as const;
    const {fetch, close} = borderFetch(this.#tools.border);
    try {
      await post({webhook, message, fetch, limit: this.#tools.limit, signal: this.#stop.signal});
    } finally {
      await close();
    }
  }

  /** Stores the receiver, for another process if this one dies; or takes it over from the run before. */
  async #keep(): Promise<Webhook | undefined> {
    const {jobId, run, request} = this.#job;
    const place = {storage: this.#tools.storage, jobId, run, signal: within(KEEPING)};
    try {
      const webhook = request.webhook ?? (run > 1 ? await readWebhook(place) : undefined);
      if (webhook) await keepWebhook(place, webhook);
      return webhook;
    } catch {
      return request.webhook;
    }
  }
}
