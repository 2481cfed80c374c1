import {s3Storage} from '../../../src/storage/s3/s3.ts';
import type {Storage} from '../../../src/storage/storage.ts';
import {startS3Server} from '../../support/s3-server.ts';
import {type Answer, type Exchange, type FaultProxy, type Matcher, startProxy} from './proxy.ts';

/** A bucket behind a proxy that can disturb it. */
export interface Bucket {
  name: string;
  proxy: FaultProxy;
  /** The bucket itself, not through the proxy. */
  direct: Storage;
  /** Variables that lead a function to it through the proxy. */
  environment: Record<string, string>;
  close(): Promise<void>;
}

/** Makes a bucket on the server that `S3_TEST_ENDPOINT` names, or on one of this process. */
export async function startBucket(): Promise<Bucket> {
  const server = await startS3Server();
  const name = await server.createBucket();
  const client = server.client();
  const {protocol, hostname, port} = (await client.config.endpoint?.()) ?? {};
  const target = `${protocol}//${hostname}:${port}`;
  const proxy = await startProxy({
    target: () => target,
    ...(!server.conditionalWrites && {through: conditionalWrites(target)}),
  });
  const {accessKeyId, secretAccessKey} = await client.config.credentials();
  return {
    name,
    proxy,
    direct: s3Storage({bucket: name, client}),
    environment: {
      REVIDEO_BUCKET_NAME: name,
      AWS_ENDPOINT_URL_S3: proxy.url,
      AWS_REGION: await client.config.region(),
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
    },
    async close() {
      await proxy.close();
      client.destroy();
      await server.close();
    },
  };
}

const EXISTS: Answer = {
  status: 412,
  headers: {'content-type': 'application/xml'},
  body: Buffer.from('<Error><Code>PreconditionFailed</Code><Message>The key is taken.</Message></Error>'),
};

/**
 * `If-None-Match: *` in front of a server that does not know it. Only one write to a key runs at a time, and
 * a conditional one looks first. The server checks no signatures, so the proxy may look.
 */
function conditionalWrites(target: string) {
  const last = new Map<string, Promise<unknown>>();
  return async ({method, path, headers, query}: Exchange, next: () => Promise<Answer>): Promise<Answer> => {
    const completes = method === 'POST' && query.has('uploadId');
    if (method !== 'PUT' && method !== 'DELETE' && !completes) return next();
    const write = async () => {
      if (headers['if-none-match'] === '*') {
        const {status} = await fetch(target + encodeURI(path), {method: 'HEAD'});
        if (status === 200) return EXISTS;
      }
      return next();
    };
    const turn = (last.get(path) ?? Promise.resolve()).then(write, write);
    last.set(path, turn);
    return turn;
  };
}

const keyOf = ({path}: Exchange): string => path.split('/').slice(2).join('/');
const isList = ({method, query}: Exchange): boolean => method === 'GET' && query.has('list-type');

/** Requests of one method for keys that match. */
const about =
  (...methods: string[]) =>
  (key: RegExp): Matcher =>
  (exchange) =>
    methods.includes(exchange.method) && !isList(exchange) && key.test(keyOf(exchange));

/** Whether a request writes, reads, or asks about an object whose key matches. */
export const writes = about('PUT');
export const reads = about('GET');
export const looks = about('HEAD');
export const touches = about('PUT', 'GET', 'HEAD', 'DELETE');

/** Whether a request lists keys. */
export const lists: Matcher = isList;

/** The keys with whose writing a proxy's server agreed. */
export const written = ({passed}: FaultProxy, key: RegExp): string[] =>
  passed
    .filter(({exchange, told}) => writes(key)(exchange) && told === 200)
    .map(({exchange}) => keyOf(exchange));
