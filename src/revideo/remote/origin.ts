import {setTimeout as sleep} from 'node:timers/promises';
import {Broken, toUnreadable, Unreadable} from './unreadable.ts';
import {readVersion, type Version} from './version.ts';

/** A server's answer to a request for a range. Either `body` is read to its end or `cancel` is called. */
export interface OriginAnswer {
  version: Version;
  /** The media type, in lower case, without parameters. */
  type: string | undefined;
  /** The server sends the whole file, whatever was asked for. */
  whole: boolean;
  /** Throws `Unreadable` when it breaks off or stalls. */
  body: AsyncIterable<Uint8Array>;
  cancel: () => void;
}

/** How to ask a server. */
export interface OriginOptions {
  /** Seconds that it may be silent. */
  timeoutSeconds: number;
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

/** What a server says when another try soon after may help; a storage under the load of many workers says it often. */
const PASSING = [429, 500, 502, 503, 504];
/** Milliseconds before each further try. */
const WAITS = [250, 1000];

/**
 * Asks a web server for a range of a file, following redirects, and again if it says that it is busy.
 * Rejects with `Unreadable` for every other answer than the range or the whole file, and for a server that
 * is silent for too long.
 */
export async function askOrigin(address: string, request: OriginRequest): Promise<OriginAnswer> {
  const {start, last, unless, timeoutSeconds} = request;
  const silence = new AbortController();
  const tooLong = () => silence.abort(new Unreadable(`its server has said nothing for ${timeoutSeconds} s`));
  let timer = setTimeout(tooLong, timeoutSeconds * 1000);
  const signal = AbortSignal.any([request.signal, silence.signal]);
  try {
    const response = await tryAll(address, {range: `bytes=${start}-${last}`, unless, signal});
    const whole = response.status === 200;
    const version = response.status === 304 && unless ? unless : readVersion(response, {start, whole});
    const moved = () => {
      clearTimeout(timer);
      timer = setTimeout(tooLong, timeoutSeconds * 1000);
    };
    moved();
    const done = () => clearTimeout(timer);
    return {
      version,
      whole,
      type: response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase(),
      body: readBody(response, {moved, done}),
      cancel: () => {
        done();
        silence.abort(new Unreadable('nobody wants it any more'));
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
  {range, unless, signal}: {range: string; unless: Version | undefined; signal: AbortSignal},
): Promise<Response> {
  const url = new URL(address);
  // A range of compressed bytes would be of no use.
  const headers: Record<string, string> = {range, 'accept-encoding': 'identity'};
  // The time of the last change is compared by ourselves: a server also takes an earlier one for no change.
  if (unless?.etag) headers['if-none-match'] = unless.etag;
  if (url.username || url.password) {
    const user = [url.username, url.password].map(decodeURIComponent).join(':');
    headers.authorization = `Basic ${Buffer.from(user).toString('base64')}`;
    url.username = url.password = '';
  }
  for (const wait of [...WAITS, undefined]) {
    try {
      const response = await fetch(url, {headers, signal});
      if ([200, 206, ...(unless ? [304] : [])].includes(response.status)) return response;
      await response.body?.cancel();
      const refusal = new Unreadable(`the server says ${response.status}`);
      if (wait === undefined || !PASSING.includes(response.status)) throw refusal;
    } catch (error) {
      if (wait === undefined || error instanceof Unreadable || signal.aborted) throw error;
    }
    await sleep(wait, undefined, {signal}).catch(() => signal.throwIfAborted());
  }
  throw new Error('The last try returns or throws.');
}

async function* readBody(
  {body}: Response,
  {moved, done}: {moved: () => void; done: () => void},
): AsyncGenerator<Uint8Array> {
  try {
    for await (const bytes of body ?? []) {
      moved();
      yield bytes;
    }
  } catch (error) {
    throw error instanceof Unreadable ? error : new Broken('the connection broke', {cause: error});
  } finally {
    done();
  }
}
