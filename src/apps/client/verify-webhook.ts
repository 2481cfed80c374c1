import {timingSafeEqual} from 'node:crypto';
import {digest} from '../../observers/webhook/sign.ts';
import {wrongOption} from './check-options.ts';
import type {RenderProgress, RenderResult} from './types.ts';

/** The content of a webhook's message. */
export type WebhookEvent = {
  /** Names the event; one that comes twice has the same. */
  id: string;
  jobId: string;
  /** Which run of the job says so, 1 for the first. */
  run: number;
  /** When it was sent, ISO 8601. */
  sentAt: string;
  /** As the request had it. */
  customData?: unknown;
} & (
  | {type: 'progress'; progress: RenderProgress}
  | {type: 'success'; result: RenderResult}
  | {type: 'failure' | 'cancelled' | 'timeout'; error: {errorType: string; errorMessage: string}}
);

/** The parts of a received request. */
export interface ReceivedWebhook {
  /** The body as it came, byte for byte: not parsed and written again. */
  body: string | Uint8Array;
  /** The header `X-Revideo-Signature`; what is missing, or there twice, is refused. */
  signature: string | readonly string[] | null | undefined;
  /** As the request had it: 16 to 256 characters. */
  secret: string;
  /** Seconds that the signature may be old, or ahead of this machine's clock, from 0; 300 if left out. */
  toleranceSeconds?: number;
}

/** A webhook that was not sent by who knows the secret, or not just now. */
export class WebhookRefused extends Error {
  override readonly name = 'WebhookRefused';
}

/**
 * Reads a webhook that was signed with `secret`.
 *
 * @throws `WebhookRefused` for an unsigned message, or for one that an attacker may have kept and sent again
 * @throws `TypeError` if `secret` or `toleranceSeconds` would let every webhook pass; that is no fault of the sender
 */
export function verifyWebhook({
  body,
  signature,
  secret,
  toleranceSeconds = 300,
}: ReceivedWebhook): WebhookEvent {
  // Anyone can sign with the empty secret, which is the value of a variable that is not set.
  if (typeof secret !== 'string' || secret.length < 16 || secret.length > 256)
    throw wrongOption('secret', '16 to 256 characters, the same as webhook.secret of the request');
  // No age is above NaN.
  if (!Number.isFinite(toleranceSeconds) || toleranceSeconds < 0)
    throw wrongOption('toleranceSeconds', 'a number of seconds from 0');
  const [, seconds = '', given = ''] =
    /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(typeof signature === 'string' ? signature : '') ?? [];
  if (!given) throw new WebhookRefused('The webhook has no X-Revideo-Signature of the form t=…,v1=….');
  const text = typeof body === 'string' ? body : Buffer.from(body).toString('utf8');
  const t = Number(seconds);
  const expected = digest({t, body: text, secret});
  // Takes as long for a wrong first digit as for a wrong last one.
  if (!timingSafeEqual(Buffer.from(given, 'hex'), Buffer.from(expected, 'hex')))
    throw new WebhookRefused(
      'The webhook was not signed with this secret, or its body is not as it was sent.',
    );
  const age = Math.abs(Date.now() / 1000 - t);
  if (age > toleranceSeconds)
    throw new WebhookRefused(
      `The webhook was signed ${Math.round(age)} s ago; ${toleranceSeconds} are allowed.`,
    );
  return JSON.parse(text) as WebhookEvent;
}
