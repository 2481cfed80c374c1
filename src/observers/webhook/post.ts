import pRetry from 'p-retry';
import {Refused} from '../../base/network/border.ts';
import {takeCredentials} from '../../base/network/credentials.ts';
import type {BorderFetch} from '../../base/network/fetch.ts';
import {VERSION} from '../../base/version.ts';
import {within} from '../../base/within.ts';
import type {Webhook} from '../../model/webhook-secret.ts';
import {SIGNATURE, signatureOf} from './sign.ts';

/** A message without the time of its sending. */
export interface WebhookMessage {
  /** The same for each attempt, and for any process that sends the same message. */
  id: string;
  type: 'progress' | 'success' | 'failure' | 'cancelled' | 'timeout';
  jobId: string;
  run: number;
  [more: string]: unknown;
}

/** How a message is sent. */
export interface Posting {
  webhook: Webhook;
  message: WebhookMessage;
  fetch: BorderFetch['fetch'];
  /** Milliseconds for each attempt; 5,000 by default. */
  limit?: number | undefined;
  signal: AbortSignal;
}

/** Tries in all. */
const TRIES = 3;
const LIMIT = 5_000;

/**
 * A response that does not mean success. Its words are safe to show, because they contain no part of the
 * address.
 */
class NotAccepted extends Error {
  readonly again: boolean;

  constructor(status: number) {
    super(`HTTP ${status}`);
    // A receiver would answer the same request in the same way again; a redirect too.
    this.again = status >= 500 || status === 408 || status === 429;
  }
}

/**
 * Sends a message, up to three times with growing pauses, each within its limit. Redirects are not followed, and nothing
 * of an answer but its status is read.
 *
 * @returns undefined if it was delivered (2xx); otherwise the reason, without the address
 */
export async function post({
  webhook,
  message,
  fetch,
  limit = LIMIT,
  signal,
}: Posting): Promise<string | undefined> {
  const send = async () => {
    const body = JSON.stringify({
      ...message,
      sentAt: new Date().toISOString(),
      customData: webhook.customData,
    });
    const {url, headers} = takeCredentials(webhook.url);
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        ...headers,
        'content-type': 'application/json',
        'user-agent': `revideo-lambda/${VERSION}`,
        'x-revideo-event': message.type,
        'x-revideo-event-id': message.id,
        ...(webhook.secret && {[SIGNATURE]: signatureOf(body, webhook.secret)}),
      },
      body,
      redirect: 'manual',
      signal: AbortSignal.any([signal, within(limit)]),
    });
    await response.body?.cancel().catch(() => {});
    if (!response.ok) throw new NotAccepted(response.status);
  };
  try {
    await pRetry(send, {
      retries: TRIES - 1,
      minTimeout: 500,
      factor: 3,
      randomize: true,
      signal,
      shouldRetry: ({error}) => (error instanceof NotAccepted ? error.again : !refusalIn(error)),
    });
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
}

/** Why a connection was not made, if that is what an error of `fetch` is about. */
function refusalIn(error: unknown): Refused | undefined {
  for (let at = error; at instanceof Error; at = at.cause) if (at instanceof Refused) return at;
  return undefined;
}

function reasonOf(error: unknown): string {
  if (error instanceof NotAccepted) return error.message;
  if (refusalIn(error)) return 'its address may not be reached';
  const {name, cause} = error as Error & {cause?: NodeJS.ErrnoException};
  return name === 'TimedOut' ? 'no answer in time' : (cause?.code ?? name);
}
