import {randomUUID} from 'node:crypto';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  ListMultipartUploadsCommand,
  type S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3';
import {listAll} from '../../src/storage/list-all.ts';
import {s3Client, s3Storage} from '../../src/storage/s3/s3.ts';

/** A server that speaks S3, for as long as the tests of one file run. */
export interface S3TestServer {
  /** Whether the server honours `If-None-Match: *`. */
  conditionalWrites: boolean;
  /** Whether the server checks who signed a request. */
  signatures: boolean;
  /** A client for this server, as the product makes it; `config` goes over its settings. */
  client(config?: S3ClientConfig): S3Client;
  /** Makes an empty bucket, removed by `close`, and returns its name. */
  createBucket(): Promise<string>;
  /** How many multipart uploads of `key` are unfinished. `bucket` must hold no objects. */
  unfinishedUploads(bucket: string, key: string): Promise<number>;
  /**
   * Removes every bucket that was made here, with its content, and stops the server if it was started here.
   */
  close(): Promise<void>;
}

/**
 * The server at `S3_TEST_ENDPOINT`, with the credentials of the usual AWS variables, which must be a complete
 * S3 (MinIO is one). Without that variable it is a fauxqs inside this process, on a free port of 127.0.0.1.
 * Says on stderr which one it is and which checks it cannot do.
 */
export async function startS3Server(): Promise<S3TestServer> {
  const endpoint = process.env.S3_TEST_ENDPOINT;
  if (endpoint) {
    process.stderr.write(`S3 tests speak to ${endpoint} (S3_TEST_ENDPOINT): every check is made.\n`);
    const config = {endpoint, region: process.env.AWS_REGION ?? 'us-east-1'};
    return serverAt(config, {conditionalWrites: true, signatures: true, listsUploads: true});
  }
  const {buildApp} = await import('fauxqs');
  // Not startFauxqs: that listens on every interface.
  const app = buildApp({logger: false});
  const config = {
    endpoint: await app.listen({host: '127.0.0.1', port: 0}),
    region: 'us-east-1',
    credentials: {accessKeyId: 'test', secretAccessKey: 'test'},
  };
  process.stderr.write(
    `S3 tests speak to fauxqs at ${config.endpoint}. It ignores If-None-Match, so writes to a free key only ` +
      'are not checked, and signatures, so wrong credentials are not: both are asserted to be ignored. ' +
      'Set S3_TEST_ENDPOINT to a real server, such as MinIO, to check them.\n',
  );
  const server = serverAt(config, {conditionalWrites: false, signatures: false, listsUploads: false});
  const close = async () => {
    await server.close();
    await app.close();
  };
  return {...server, close};
}

interface Abilities {
  conditionalWrites: boolean;
  signatures: boolean;
  /** fauxqs does not; it refuses to delete a bucket with unfinished uploads instead, as S3 does not. */
  listsUploads: boolean;
}

function serverAt(config: S3ClientConfig, {listsUploads, ...abilities}: Abilities): S3TestServer {
  const admin = s3Client(config);
  const buckets = new Set<string>();

  async function uploadsListed(Bucket: string, Prefix: string): Promise<number> {
    const {Uploads = []} = await admin.send(new ListMultipartUploadsCommand({Bucket, Prefix}));
    return Uploads.length;
  }

  async function uploadsInTheWay(Bucket: string): Promise<number> {
    try {
      await admin.send(new DeleteBucketCommand({Bucket}));
    } catch (thrown) {
      if (thrown instanceof Error && thrown.name === 'BucketNotEmpty') return 1;
      throw thrown;
    }
    await admin.send(new CreateBucketCommand({Bucket}));
    return 0;
  }

  return {
    ...abilities,
    client: (over) => s3Client({...config, ...over}),
    async createBucket() {
      const Bucket = `revideo-test-${randomUUID()}`;
      await admin.send(new CreateBucketCommand({Bucket}));
      buckets.add(Bucket);
      return Bucket;
    },
    unfinishedUploads: (bucket, key) => (listsUploads ? uploadsListed(bucket, key) : uploadsInTheWay(bucket)),
    async close() {
      for (const bucket of buckets) {
        const storage = s3Storage({bucket, client: admin});
        await storage.delete((await listAll('', {storage})).map(({key}) => key));
        await admin.send(new DeleteBucketCommand({Bucket: bucket}));
      }
      admin.destroy();
    },
  };
}
