import {once} from 'node:events';
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {onTestFinished} from 'vitest';

/** A file of a web server that knows nothing of us: it sends no CORS header. */
export interface OriginFile {
  bytes: Buffer;
  type?: string;
  etag?: string;
  /** Whether it sends ranges; true by default. */
  ranges?: boolean;
  /** Whether it says how long the file is, where it sends it whole; true by default. */
  saysLength?: boolean;
}

/** A request to a server, and its answer. */
export interface OriginRequest {
  path: string;
  start: number;
  /** Behind the last byte that it sends; 0 where it says that the file has not changed. */
  end: number;
}

/** Another web server. */
export interface Origin {
  /** `http://127.0.0.1:<port>` */
  address: string;
  requests: OriginRequest[];
  files: Map<string, OriginFile>;
  /** Takes over a request if it returns true. */
  disturb: (request: IncomingMessage, response: ServerResponse) => boolean;
}

/** Starts another web server, which ends with the test. */
export async function startOrigin(files: Record<string, OriginFile> = {}): Promise<Origin> {
  const origin: Origin = {
    address: '',
    requests: [],
    files: new Map(Object.entries(files)),
    disturb: () => false,
  };
  const server = createServer((request, response) => {
    if (origin.disturb(request, response)) return;
    const path = new URL(request.url ?? '/', 'http://origin').pathname;
    const file = origin.files.get(path);
    if (!file) {
      response.writeHead(404).end('There is none.');
      return;
    }
    origin.requests.push({path, ...send(file, request, response)});
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  origin.address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return origin;
}

function send(
  {bytes, type = 'video/mp4', etag, ranges = true, saysLength = true}: OriginFile,
  {headers}: IncomingMessage,
  response: ServerResponse,
): {start: number; end: number} {
  const common = {'content-type': type, ...(etag && {etag})};
  if (etag && headers['if-none-match'] === etag) {
    response.writeHead(304, {etag}).end();
    return {start: 0, end: 0};
  }
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '') ?? [];
  if (!ranges || first === undefined) {
    response.writeHead(200, {...common, ...(saysLength && {'content-length': bytes.length})}).end(bytes);
    return {start: 0, end: bytes.length};
  }
  const start = Number(first);
  const end = last ? Math.min(Number(last) + 1, bytes.length) : bytes.length;
  const range = `bytes ${start}-${end - 1}/${bytes.length}`;
  response
    .writeHead(206, {...common, 'content-range': range, 'content-length': end - start})
    .end(bytes.subarray(start, end));
  return {start, end};
}
