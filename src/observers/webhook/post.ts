import pRetry from 'p-retry';
import {Refused} from '../../base/network/border.ts';
import {takeCredentials} from '../../base/network/credentials.ts';
import type {BorderFetch} from '../../base/network/fetch.ts';
import {VERSION} from '../../base/version.ts';
import {within} from '../../base/within.ts';
import type {Webhook} from '../../model/webhook-secret.ts';
import {SIGNATURE, signatureOf} from './sign.ts';

/** What is sent, less the time at which it is. */
export interface WebhookMessage {
  /** The same for each try, and for whoever else would tell the same. */
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
  /** Milliseconds for each try; 5,000 unless told. */
  limit?: number | undefined;
  signal: AbortSignal;
}

/** Tries in all. */
const TRIES = 3;
const LIMIT = 5_000;

/** An answer that is none of success. Its words are safe to show: nothing of the address is in them. */
class Unheard extends Error {
  readonly again: boolean;

  constructor(status: number) {
    super(`HTTP ${status}`);
    // What a receiver says about the request itself, it would say again; so would one that sends us elsewhere.
    this.again = status >= 500 || status === 408 || status === 429;
  }
}

/**
 * Sends a message, up to three times with growing pauses, each within its limit. Redirects are not followed, and nothing
 * of an answer but its status is read.
 *
 * @returns undefined if it was heard (2xx); otherwise why not, without the address
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
      ...{body, redirect: 'manual', signal: AbortSignal.any([signal, within(limit)])},
    });
    await response.body?.cancel().catch(() => {});
    if (!response.ok) throw new Unheard(response.status);
  };
  try {
    await pRetry(send, {
      ...{retries: TRIES - 1, minTimeout: 500, factor: 3, randomize: true, signal},
      shouldRetry: ({error}) => (error instanceof Unheard ? error.again : !refusalIn(error)),
    });
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
}

/** Why a connection was not made, if that is what an error of `fetch` is about. */
export function refusalIn(error: unknown): Refused | undefined {
  for (let at = error; at instanceof Error; at = at.cause) if (at instanceof Refused) return at;
  return undefined;
}

function reasonOf(error: unknown): string {
  if (error instanceof Unheard) return error.message;
  if (refusalIn(error)) return 'its address may not be reached';
  const {name, cause} = error as Error & {cause?: NodeJS.ErrnoException};
  return name === 'TimedOut' ? 'no answer in time' : (cause?.code ?? name);
}
