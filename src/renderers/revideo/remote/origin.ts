import {setTimeout as sleep} from 'node:timers/promises';
import type {Response} from 'undici';
import {takeCredentials} from '../../../base/network/credentials.ts';
import type {BorderFetch} from '../../../base/network/fetch.ts';
import {Broken, isRefused, tooBig, toUnreadable, Unreadable} from './unreadable.ts';
import {readVersion, type Version} from './version.ts';

/** A server's answer to a request for a range. Either `body` is read to its end or `cancel` is called. */
export interface OriginAnswer {
  version: Version;
  /** The media type, in lower case, without parameters. */
  type: string | undefined;
  /** Where redirects have led. */
  address: string;
  /** The server sends the whole file, whatever range the request had. */
  whole: boolean;
  /** Throws `Unreadable` when it breaks off or stalls. */
  body: AsyncIterable<Uint8Array>;
  cancel: () => void;
}

/** How to ask a server. */
export interface OriginOptions {
  /** Seconds that it may be silent, or slower than `SLOWEST`. */
  timeoutSeconds: number;
  /** Bytes that the file may have. */
  maxBytes: number;
  /** Sends the requests. */
  fetch: BorderFetch['fetch'];
  /** The browser's own User-Agent, for servers whose answer depends on it; Node's if left out. */
  userAgent?: string | undefined;
  /** Ends the request, and the body that it brings. */
  signal: AbortSignal;
}

/** The range that is asked for. */
export interface OriginRequest extends OriginOptions {
  /** First byte. */
  start: number;
  /** Last byte, included. */
  last: number;
  /** Asks for nothing if the file still is this version: the answer then has no body. */
  unless?: Version | undefined;
}

/** Statuses after which a retry may help; a storage under the load of many workers sends them often. */
const PASSING = [429, 500, 502, 503, 504];
/** Bytes a second below which a server only seems to send: the slowest line to a film's media is a thousand times faster. */
const SLOWEST = 1_000;
/** Milliseconds before each further try. */
const WAITS = [250, 1000];

/**
 * Asks a web server for a range of a file, following redirects, and again if it says that it is busy.
 * Rejects with `Unreadable` for every other answer than the range or the whole file, and for a server that
 * is silent for too long.
 */
export async function askOrigin(address: string, request: OriginRequest): Promise<OriginAnswer> {
  const {start, last, timeoutSeconds, maxBytes, unless} = request;
  const silence = new AbortController();
  const tooLong = () => silence.abort(new Unreadable(`its server has said nothing for ${timeoutSeconds} s`));
  let timer = setTimeout(tooLong, timeoutSeconds * 1000);
  const signal = AbortSignal.any([request.signal, silence.signal]);
  try {
    const response = await tryAll(address, {...request, range: `bytes=${start}-${last}`, signal});
    const whole = response.status === 200;
    const version = response.status === 304 && unless ? unless : readVersion(response, {start, whole});
    if ((version.length ?? 0) > maxBytes) throw tooBig(maxBytes);
    const pace = keepPace(timeoutSeconds);
    const moved = (bytes: number) => {
      clearTimeout(timer);
      timer = setTimeout(tooLong, timeoutSeconds * 1000);
      pace(bytes);
    };
    moved(0);
    const done = () => clearTimeout(timer);
    return {
      version,
      whole,
      address: response.url,
      type: response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase(),
      body: readBody(response, {
        moved,
        done,
        most: whole ? maxBytes : last - start + 1,
        tooMuch: whole ? tooBig(maxBytes) : new Unreadable('its server sends more than it was asked for'),
      }),
      cancel: () => {
        done();
        silence.abort(new Unreadable('its readers have stopped'));
      },
    };
  } catch (error) {
    clearTimeout(timer);
    silence.abort();
    throw toUnreadable(error);
  }
}

async function tryAll(
  address: string,
  {range, unless, signal, fetch, userAgent}: OriginOptions & {range: string; unless?: Version | undefined},
): Promise<Response> {
  const {url, headers: credentials} = takeCredentials(address);
  // A range of compressed bytes would be of no use.
  const headers: Record<string, string> = {...credentials, range, 'accept-encoding': 'identity'};
  if (userAgent) headers['user-agent'] = userAgent;
  // The time of the last change is compared by ourselves: a server also takes an earlier one for no change.
  if (unless?.etag) headers['if-none-match'] = unless.etag;
  for (const wait of [...WAITS, undefined]) {
    try {
      const response = await fetch(url, {headers, signal});
      if ([200, 206, ...(unless ? [304] : [])].includes(response.status)) return response;
      await response.body?.cancel();
      const refusal = new Unreadable(`the server says ${response.status}`);
      if (wait === undefined || !PASSING.includes(response.status)) throw refusal;
    } catch (error) {
      if (wait === undefined || error instanceof Unreadable || isRefused(error) || signal.aborted)
        throw error;
    }
    await sleep(wait, undefined, {signal}).catch(() => signal.throwIfAborted());
  }
  throw new Error('The last try returns or throws.');
}

/** Fails if a server is slower than `SLOWEST` over this many seconds of sending. */
function keepPace(seconds: number): (bytes: number) => void {
  let [since, sent] = [performance.now(), 0];
  return (bytes) => {
    sent += bytes;
    if (performance.now() - since < seconds * 1000) return;
    if (sent < SLOWEST * seconds) {
      throw new Unreadable(
        `its server has sent ${sent} bytes in ${seconds} s; ${SLOWEST} a second are the least`,
      );
    }
    [since, sent] = [performance.now(), 0];
  };
}

async function* readBody(
  {body}: Response,
  {
    moved,
    done,
    most,
    tooMuch,
  }: {moved: (bytes: number) => void; done: () => void; most: number; tooMuch: Error},
): AsyncGenerator<Uint8Array> {
  let total = 0;
  try {
    for await (const bytes of body ?? []) {
      moved(bytes.byteLength);
      total += bytes.byteLength;
      // A block stays in memory until it is complete.
      if (total > most) throw tooMuch;
      yield bytes;
    }
  } catch (error) {
    throw error instanceof Unreadable ? error : new Broken('the connection broke', {cause: error});
  } finally {
    done();
  }
}
