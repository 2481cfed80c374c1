import {createServer, type IncomingMessage, type RequestListener} from 'node:http';
import type {AddressInfo} from 'node:net';
import {s3Client, s3Storage} from '../../src/storage/s3/s3.ts';
import type {Storage} from '../../src/storage/storage.ts';

/** Runs `use` with a storage whose requests are answered by `listener`; returns the requests. */
export async function answering(
  listener: RequestListener,
  use: (storage: Storage) => Promise<void>,
  maxAttempts = 1,
) {
  const requests: IncomingMessage[] = [];
  const http = createServer((request, response) => {
    requests.push(request);
    request.resume().once('end', () => listener(request, response));
  });
  await new Promise<void>((listening) => http.listen(0, '127.0.0.1', listening));
  const canned = s3Client({
    endpoint: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: {accessKeyId: 'AKIASECRETSECRETSECR', secretAccessKey: 'secret'},
    maxAttempts,
  });
  try {
    await use(s3Storage({bucket: 'films', client: canned}));
  } finally {
    canned.destroy();
    http.closeAllConnections();
    await new Promise((closed) => http.close(closed));
  }
  return requests;
}

/** An error as S3 writes it; `more` is XML that stands behind its message. */
export const error = (status: number, code: string, more = ''): RequestListener => {
  const body = `<Error><Code>${code}</Code><Message>about ${code}</Message>${more}</Error>`;
  return (_, response) => response.writeHead(status, {'content-type': 'application/xml'}).end(body);
};
