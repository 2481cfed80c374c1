import {randomBytes, randomUUID} from 'node:crypto';
import type {IncomingMessage, ServerResponse} from 'node:http';
import {tmpdir} from 'node:os';
import {asPathName, REMOTE, shownAddress} from '../../../base/address.ts';
import {diskError} from '../../../base/disk.ts';
import {RenderError} from '../../../base/errors.ts';
import {MAX_MEDIA_MB, MEDIA_TIMEOUT} from '../../../base/media-limits.ts';
import {Border} from '../../../base/network/border.ts';
import {type BorderFetch, borderFetch} from '../../../base/network/fetch.ts';
import {sha256Hex} from '../../../model/keys.ts';
import type {SeenMedia} from '../../../model/segment-file.ts';
import {BlockStore} from './block-store.ts';
import {RemoteFile} from './remote-file.ts';
import {sendFile} from './send-file.ts';
import {Unreadable} from './unreadable.ts';

/** How remote media are fetched. */
export interface RemoteMediaOptions {
  /** Seconds that another server may be silent; 30 by default. */
  timeoutSeconds?: number | undefined;
  /** Bytes that are kept on disk; 256 MB by default, half of a Lambda function's default disk. */
  cacheBytes?: number | undefined;
  /** Bytes that one file may have; 5 GB by default. */
  maxBytes?: number | undefined;
  /** The addresses that may be reached; by default the internet alone. */
  border?: Border | undefined;
}

/** How a file is read. */
interface Reading {
  userAgent?: string | undefined;
  /** It is a style sheet, a font or a script: there is no need to believe that it is as it was. */
  isSmall?: boolean;
}

/** Readers and their files that are remembered; older readers ended long ago. */
const REMEMBERED = 1000;

/**
 * Other servers' media, fetched once for all readers and kept in blocks. A reader gets one version of a file
 * from its first byte to its last, or an error. The next reader uses the kept blocks if the server says that
 * the file has not changed.
 */
export class RemoteMedia {
  /** How our paths begin. Only who knows it is served: another process of this machine is not to fetch through us. */
  readonly root = `${REMOTE}${randomBytes(16).toString('hex')}/`;
  readonly #timeoutSeconds: number;
  readonly #maxBytes: number;
  readonly #network: BorderFetch;
  readonly #store: BlockStore;
  readonly #stop = new AbortController();
  /** The newest version of each file; `opened` once it is known. */
  readonly #files = new Map<string, {file: Promise<RemoteFile>; opened: boolean}>();
  readonly #readers = new Map<string, Promise<RemoteFile>>();

  constructor({
    timeoutSeconds = MEDIA_TIMEOUT,
    cacheBytes = 256e6,
    maxBytes = MAX_MEDIA_MB * 1e6,
    border = new Border(),
  }: RemoteMediaOptions = {}) {
    this.#timeoutSeconds = timeoutSeconds;
    this.#maxBytes = maxBytes;
    this.#network = borderFetch(border);
    this.#store = new BlockStore(cacheBytes);
  }

  /** Whether a request's path is for us to answer. */
  handles(path: string): boolean {
    return path.startsWith(this.root);
  }

  /**
   * A path of our server that gives a new reader the file at an address that `remoteAddress` has given.
   * Rejects with `MediaFailed` if the file cannot be read.
   */
  async locate(address: string): Promise<string> {
    const reader = randomUUID();
    const file = this.#open(reader, address);
    await file.catch((error: Unreadable) => {
      throw (
        this.diskFailure ??
        new RenderError('MediaFailed', `${shownAddress(address)} cannot be read: ${error.message}.`)
      );
    });
    return `${this.root}${reader}/${asPathName(address)}`;
  }

  /**
   * Has a reader read a whole file, and gives the path of our server that has it, and the address to which redirects
   * have led. Rejects with `Unreadable`.
   *
   * @param userAgent the browser's own: servers of fonts send each browser what it can read
   */
  async read(
    reader: string,
    address: string,
    userAgent: string | undefined,
  ): Promise<{path: string; address: string}> {
    const file = await this.#open(reader, address, {userAgent, isSmall: true});
    await file.digest();
    return {path: `${this.root}${reader}/${asPathName(address)}`, address: file.finalAddress};
  }

  /** Answers a request for a file or a range of it; with status 502 and the reason as text if it cannot be read. */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [reader = '', encoded = ''] = (request.url ?? '').slice(this.root.length).split('/');
    const address = decode(encoded);
    if (!address) {
      response.writeHead(400).end('This is not an http or https address.');
      return;
    }
    try {
      await sendFile(await this.#open(reader, address), request, response);
    } catch (error) {
      if (response.headersSent) response.destroy();
      else
        response.writeHead(502, {'content-type': 'text/plain; charset=utf-8'}).end((error as Error).message);
    }
  }

  /** Why the disk does not take what is fetched, as `DiskFailed`; undefined if it does. */
  get diskFailure(): RenderError | undefined {
    const error = this.#store.failure && diskError(this.#store.failure, tmpdir());
    return error instanceof RenderError ? error : undefined;
  }

  /** The addresses of all files that are remembered. */
  get addresses(): string[] {
    return [...this.#files.keys()];
  }

  /** Which files a reader has read, in which version, and which it could not read. */
  async seenBy(reader: string): Promise<SeenMedia[]> {
    const files = [...this.#readers].flatMap(([name, file]) => {
      const [of, address = ''] = name.split(' ');
      return of === reader ? [{address, file}] : [];
    });
    const seen = files.map(async ({address, file}) => {
      const base = {id: sha256Hex(address).slice(0, 32), name: shownAddress(address)};
      try {
        return {...base, ...(await (await file).seen())};
      } catch {
        // The film goes on without it, and has to do so in every chunk.
        return {...base, missing: true};
      }
    });
    return Promise.all(seen);
  }

  /** Ends every request and removes what is kept. */
  async close(): Promise<void> {
    this.#stop.abort(new Unreadable('the server was closed'));
    await this.#network.close();
    await this.#store.close();
  }

  #open(reader: string, address: string, how: Reading = {}): Promise<RemoteFile> {
    const name = `${reader} ${address}`;
    const bound = this.#readers.get(name);
    if (bound) return bound.then(whole);
    const file = this.#newest(address, how);
    this.#readers.set(name, file);
    forgetOldest(this.#readers);
    return file;
  }

  #newest(address: string, {userAgent, isSmall}: Reading): Promise<RemoteFile> {
    const known = this.#files.get(address);
    if (known && !known.opened) return known.file;
    const options = {
      address,
      store: this.#store,
      timeoutSeconds: this.#timeoutSeconds,
      maxBytes: this.#maxBytes,
      fetch: this.#network.fetch,
      userAgent,
      signal: this.#stop.signal,
    };
    const confirm = async () => {
      const file = await known?.file;
      // To ask for it again costs no more than to ask whether it has changed.
      const isUnknown = isSmall && !file?.version.etag;
      return file && !file.failure && !isUnknown && (await file.isCurrent())
        ? file
        : RemoteFile.open(options);
    };
    const newest = {file: confirm(), opened: false};
    this.#files.set(address, newest);
    forgetOldest(this.#files);
    newest.file.then(
      () => {
        newest.opened = true;
      },
      () => this.#files.delete(address),
    );
    return newest.file;
  }
}

function forgetOldest(known: Map<string, unknown>): void {
  const [oldest] = known.keys();
  if (known.size > REMEMBERED && oldest !== undefined) known.delete(oldest);
}

/** A reader that has failed to read a file fails for good, and at once. */
function whole(file: RemoteFile): RemoteFile {
  if (file.failure) throw file.failure;
  return file;
}

function decode(encoded: string): string | undefined {
  try {
    const {protocol, href} = new URL(decodeURIComponent(encoded));
    return /^https?:$/.test(protocol) ? href : undefined;
  } catch {
    return undefined;
  }
}
