import {once} from 'node:events';
import {setTimeout as sleep} from 'node:timers/promises';
import {eventOf} from './events.ts';
import type {Answer, Disturbance, Exchange} from './proxy.ts';

const s3Error = (status: number, code: string): Answer => ({
  status,
  headers: {'content-type': 'application/xml'},
  body: Buffer.from(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>By a test.</Message></Error>`),
});

/** S3 answers with an error, by its status and its code. */
export const s3Answers =
  (status: number, code: string): Disturbance =>
  async ({method}) => {
    const answer = s3Error(status, code);
    return method === 'HEAD' ? {...answer, headers: {}, body: Buffer.alloc(0)} : answer;
  };

/** Lambda has no room. */
export const throttled: Disturbance = async () => ({
  status: 429,
  headers: {'content-type': 'application/json', 'x-amzn-errortype': 'TooManyRequestsException'},
  body: Buffer.from(
    '{"Type":"User","message":"Rate Exceeded.","Reason":"ConcurrentInvocationLimitExceeded"}',
  ),
});

/** Nothing happens to it: for rows that only need to know when it comes. */
export const watched: Disturbance = ({forward}) => forward();

/** A worker stores each segment as soon as it is done. */
export const storesOften: Disturbance = ({forward, body}) => {
  const {chunk, ...event} = eventOf(body);
  return forward(Buffer.from(JSON.stringify({...event, chunk: {...chunk, storeEvery: 1}})));
};

/** The request never arrives. */
export const lostBefore: Disturbance = async () => 'reset';

/** The request arrives and is answered; the answer never arrives. */
export const lostAfter: Disturbance = async ({forward}) => {
  await forward();
  return 'reset';
};

/** It takes this many milliseconds longer. */
export const late =
  (milliseconds: number): Disturbance =>
  async ({forward, gone}) => {
    await sleep(milliseconds, undefined, {signal: gone}).catch(() => {});
    return gone.aborted ? 'reset' : forward();
  };

/** The connection breaks in the middle of the answer's body. */
export const truncated: Disturbance = async ({forward}) => {
  const answer = await forward();
  return {...answer, cutAfter: Math.floor(answer.body.length / 2)};
};

/** The request arrives; its sender receives nothing for as long as it waits. */
export const answerHeld: Disturbance = async ({forward, gone}) => {
  await forward();
  await leaves(gone);
  return 'reset';
};

/** The same request arrives twice at once; its sender receives one answer. */
export const twice: Disturbance = async ({forward}) => {
  const [answer] = await Promise.all([forward(), forward()]);
  return answer;
};

/** The body has other bytes than the server sent, in the same number. */
export const garbled: Disturbance = async ({forward}) => {
  const {body, headers, status} = await forward();
  // Damage in a real storage leaves a matching checksum, so the client must not see the old one.
  const kept = Object.entries(headers).filter(([name]) => !name.startsWith('x-amz-checksum'));
  return {status, headers: Object.fromEntries(kept), body: garble(body)};
};

/** Bytes with a hole in their middle that is filled by others. */
export function garble(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  const middle = Math.floor(copy.length / 2);
  for (let at = middle; at < Math.min(middle + 64, copy.length); at++) copy[at] = (copy[at] ?? 0) ^ 0x5a;
  return copy;
}

/** A listing that misses everything written since the storage was empty. */
export const staleListing: Disturbance = async ({forward}) => {
  const answer = await forward();
  const text = answer.body.toString().replace(/<Contents>.*<\/Contents>/s, '');
  const body = Buffer.from(text.replace(/<KeyCount>\d+</, '<KeyCount>0<'));
  return {...answer, headers: {...answer.headers, 'content-length': String(body.length)}, body};
};

/** Holds requests until this many are there, and then lets all of them continue at once. */
export function meeting(of: number): Disturbance {
  const {hold, open} = gate();
  let here = 0;
  return (exchange) => {
    here += 1;
    if (here === of) open();
    return hold(exchange);
  };
}

/** Holds requests until it is opened, and then lets them go on. Those whose sender has gone are dropped. */
export interface Gate {
  hold: Disturbance;
  open(): void;
}

/** @param then how a request that went through continues; as usual by default */
export function gate(then: Disturbance = ({forward}: Exchange) => forward()): Gate {
  const {promise, resolve} = Promise.withResolvers<void>();
  return {
    async hold(exchange) {
      const {gone} = exchange;
      await Promise.race([promise, leaves(gone)]);
      return gone.aborted ? 'reset' : then(exchange);
    },
    open: resolve,
  };
}

const leaves = async (gone: AbortSignal): Promise<void> => {
  if (!gone.aborted) await once(gone, 'abort');
};
