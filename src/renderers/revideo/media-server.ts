import {randomBytes} from 'node:crypto';
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import type {Writable} from 'node:stream';
import sirv from 'sirv';
import {remoteAddress} from '../../base/address.ts';
import type {RenderError} from '../../base/errors.ts';
import {websiteRefusal} from '../../base/network/own-host.ts';
import type {SeenMedia} from '../../model/segment-file.ts';
import type {Bundle} from './built.ts';
import {servedFolders} from './bundle.ts';
import {servedFile} from './public-file.ts';
import {RemoteMedia, type RemoteMediaOptions} from './remote/remote-media.ts';

/** Serves one project to the browser, on loopback only. */
export interface MediaServer {
  /** Where the server is: `http://127.0.0.1:<port>`. */
  origin: string;
  /** The page's address. */
  page: string;
  /**
   * Gives an address that bytes can be posted to, with `?segment=` and the segment's index. They are written to what `output`
   * gives for it, in the order they are posted; `limit` of them at most in all.
   */
  receive(output: (segment: number) => Writable, limit: number): {path: string; stop: () => void};
  /**
   * Finds the readable source behind an address of the page: the path of a project file, or another server's
   * file through this one. Rejects with `MediaFailed` that names the address if it cannot be read.
   */
  locate(address: string): Promise<string>;
  /**
   * Has a document read a whole file of another server through this one. Gives where it is then, and the address to
   * which redirects have led; undefined for anything else. Rejects with `Unreadable`.
   */
  read(
    reader: string,
    address: string,
    userAgent: string | undefined,
  ): Promise<{url: string; address: string} | undefined>;
  /** Addresses of other servers' files that were asked for here, in full: to find them in others' words. */
  addresses(): string[];
  /** Why the disk does not take what is fetched, as `DiskFailed`; undefined if it does. */
  diskFailure(): RenderError | undefined;
  /** Which files of other servers a document has read, and which it could not read. */
  seenBy(reader: string): Promise<SeenMedia[]>;
  close(): Promise<void>;
}

/** Where bytes go that are posted, and how many more it takes. */
interface Output {
  of: (segment: number) => Writable;
  left: number;
}

/** The browser rights that a film needs: none to open a window or a dialogue, or to save a file. */
const POLICY = 'sandbox allow-scripts allow-same-origin';
/** Where the page is served, out of the way of every name in the project's `public/`. */
const PAGE = '/-/';
/** Seconds. Built files never change, and the browser keeps the code it has compiled from them. */
const YEAR = 31_536_000;

/** Starts to serve a bundle, the project's `public/`, other servers' media, and a place to put encoded frames. */
export async function serveMedia(
  bundle: Omit<Bundle, 'warnings'>,
  options: RemoteMediaOptions = {},
): Promise<MediaServer> {
  const outputs = new Map<string, Output>();
  const remote = new RemoteMedia(options);
  const settings = {etag: false, dev: false, single: false} as const;
  const built = sirv(bundle.folder, {
    ...settings,
    maxAge: YEAR,
    immutable: true,
    setHeaders: (response) => void response.setHeader('content-security-policy', POLICY),
  });
  const folders = servedFolders(bundle);
  // Read as they are asked for: a file of the user's may come later than the server.
  const own = new Map<string, ReturnType<typeof sirv>>();
  const serverOf = (folder: string) => {
    const server = own.get(folder) ?? sirv(folder, {...settings, dev: true});
    own.set(folder, server);
    return server;
  };
  const shared = async (request: IncomingMessage, response: ServerResponse) => {
    const none = () => void response.writeHead(404).end();
    const found = await servedFile(request.url ?? '', folders).catch((error: Error) => error);
    if (!(found instanceof Error)) return serverOf(found.folder)(request, response, none);
    response.writeHead(404, {'content-type': 'text/plain; charset=utf-8'}).end(found.message);
  };

  const server = createServer((request, response) => {
    const refused = websiteRefusal(request.headers, origin);
    if (refused) {
      response.writeHead(403, {'content-type': 'text/plain; charset=utf-8'}).end(refused);
      return;
    }
    const [path = '', segment] = (request.url ?? '').split('?segment=');
    const output = outputs.get(path);
    if (request.method === 'POST' && output) {
      void append(request, response, {output, segment: Number(segment ?? 0)});
      return;
    }
    if (remote.handles(request.url ?? '')) {
      void remote.answer(request, response);
      return;
    }
    if (request.url?.startsWith(PAGE)) {
      request.url = request.url.slice(PAGE.length - 1);
      // A style sheet names files of `public/` relative to itself.
      built(request, response, () => void shared(request, response));
    } else {
      void shared(request, response);
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });

  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    page: `${origin}${PAGE}index.html?remote=${encodeURIComponent(remote.root)}`,
    receive(output, limit) {
      const path = `/${randomBytes(16).toString('hex')}`;
      outputs.set(path, {of: output, left: limit});
      return {path, stop: () => outputs.delete(path)};
    },
    async locate(address) {
      // A path stays as it was given, so that nothing in it is resolved away before it is looked at.
      if (!/^(?:https?:|\/\/)/i.test(address)) return (await servedFile(withoutPage(address), folders)).path;
      const other = remoteAddress(address, origin);
      if (other) return `${origin}${await remote.locate(other)}`;
      const own = pathOnServer(address, origin);
      return own === undefined ? address : (await servedFile(own, folders)).path;
    },
    async read(reader, address, userAgent) {
      const other = remoteAddress(address, origin);
      if (!other) return undefined;
      const {path, address: final} = await remote.read(reader, other, userAgent);
      return {url: `${origin}${path}`, address: final};
    },
    addresses: () => remote.addresses,
    diskFailure: () => remote.diskFailure,
    seenBy: (reader) => remote.seenBy(reader),
    async close() {
      await remote.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

/**
 * The path at which the page asks this server for an address; undefined for an address of somewhere else. An
 * address below the page's own prefix names a file of the project, unless it is part of the page.
 */
function pathOnServer(address: string, origin: string): string | undefined {
  if (!URL.canParse(address, origin)) return undefined;
  const {origin: asked, pathname} = new URL(address, origin);
  if (asked !== origin) return undefined;
  return withoutPage(pathname);
}

/** A path that a page's own files have, as the project's files have it. */
const withoutPage = (path: string): string => (path.startsWith(PAGE) ? path.slice(PAGE.length - 1) : path);

async function append(
  request: IncomingMessage,
  response: ServerResponse,
  {output, segment}: {output: Output; segment: number},
): Promise<void> {
  try {
    const stream = output.of(segment);
    for await (const bytes of request) {
      output.left -= bytes.length;
      if (output.left < 0) throw new Error('These are more bytes than the chunk can have.');
      await write(stream, bytes);
    }
    response.writeHead(204).end();
  } catch (error) {
    response.writeHead(507).end(String(error));
  }
}

/** Waits until the bytes are taken, so that the sender does not get ahead of the writer. */
const write = (output: Writable, bytes: Uint8Array): Promise<void> =>
  new Promise((resolve, reject) => {
    // A stream that is closed while it writes forgets to say so.
    const closed = () => reject(new Error('The reader has closed the connection.'));
    output.once('close', closed);
    output.write(bytes, (error) => {
      output.off('close', closed);
      if (error) reject(error);
      else resolve();
    });
  });
