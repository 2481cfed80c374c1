import type {BorderOptions} from '../../base/network/border.ts';
import type {EndedJob} from '../../model/job-events.ts';
import type {Secrets, Webhook} from '../../model/webhook-secret.ts';
import type {Storage} from '../../storage/storage.ts';

/** What webhooks need. */
export interface WebhookOptions extends BorderOptions {
  storage: Storage;
  /** Secrets that a webhook may name; none unless told. */
  secrets?: Secrets | undefined;
  /** Milliseconds between two messages of progress, at least; 10,000 unless told. */
  progressEvery?: number | undefined;
  /** Milliseconds for one try to send; 5,000 unless told. */
  limit?: number | undefined;
  /** Told of a message that nobody heard, and why, without its address. */
  onUnheard?: ((unheard: {jobId: string; id: string; reason: string}) => void) | undefined;
}

/** Whom a message is for. */
export interface Told extends Omit<EndedJob, 'request'> {
  webhook: Webhook;
  signal: AbortSignal;
}
