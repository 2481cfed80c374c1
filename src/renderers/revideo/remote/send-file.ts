import type {IncomingMessage, ServerResponse} from 'node:http';
import {pipeline} from 'node:stream/promises';
import {BLOCK} from './block-store.ts';
import {type ByteRange, readRange} from './byte-range.ts';
import type {RemoteFile} from './remote-file.ts';

/**
 * Bytes that an answer to a browser's `<video>` or `<audio>` has at most. They ask for the whole rest, and
 * would load 10 MB before they look at the first byte. If they get less, they ask again for the rest.
 */
const FOR_ELEMENTS = 4 * BLOCK;

/** Answers a request with a file or a range of it, fetching as fast as it is taken. Rejects if that fails. */
export async function sendFile(
  file: RemoteFile,
  {method, headers}: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const length = await file.length();
  const range = readRange(headers.range, length);
  if (range === 'none') {
    response.writeHead(416, {'content-range': `bytes */${length}`}).end('it is empty, or ends before');
    return;
  }
  const isForElement = range && /^(video|audio)$/.test(String(headers['sec-fetch-dest']));
  const {start, end} = range ?? {start: 0, end: length};
  const sent = {start, end: isForElement ? Math.min(end, start + FOR_ELEMENTS) : end};
  // If the first block fails, the response can still say why.
  if (start < end) await file.block(Math.floor(start / BLOCK));
  response.writeHead(range ? 206 : 200, {
    'accept-ranges': 'bytes',
    // A font asks for it even here: its style sheet is another server's.
    'access-control-allow-origin': '*',
    // The browser is not to keep on the same disk what is kept here.
    'cache-control': 'no-store',
    'content-length': sent.end - sent.start,
    'content-type': file.type ?? 'application/octet-stream',
    ...(range && {'content-range': `bytes ${sent.start}-${sent.end - 1}/${length}`}),
  });
  if (method === 'HEAD') response.end();
  else await pipeline(bytesOf(file, sent), response);
}

async function* bytesOf(file: RemoteFile, {start, end}: ByteRange): AsyncGenerator<Uint8Array> {
  for (let at = start; at < end; ) {
    const block = Math.floor(at / BLOCK);
    const bytes = (await file.block(block)).subarray(at - block * BLOCK, end - block * BLOCK);
    yield bytes;
    at += bytes.byteLength;
  }
}
