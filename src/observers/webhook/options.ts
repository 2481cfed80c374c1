import type {BorderOptions} from '../../base/network/border.ts';
import type {EndedJob} from '../../model/job-events.ts';
import type {Secrets, Webhook} from '../../model/webhook-secret.ts';
import type {Storage} from '../../storage/storage.ts';

/** Settings of webhooks. */
export interface WebhookOptions extends BorderOptions {
  storage: Storage;
  /** Secrets that a webhook may name; none by default. */
  secrets?: Secrets | undefined;
  /** Milliseconds between two messages of progress, at least; 10,000 by default. */
  progressEvery?: number | undefined;
  /** Milliseconds for one attempt to send; 5,000 by default. */
  limit?: number | undefined;
  /** Called for a message that was not delivered, with the reason, without its address. */
  onUndelivered?: ((undelivered: {jobId: string; id: string; reason: string}) => void) | undefined;
}

/** The receiver and the content of a message. */
export interface Notice extends Omit<EndedJob, 'request'> {
  webhook: Webhook;
  signal: AbortSignal;
}
