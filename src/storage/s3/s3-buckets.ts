import type {S3Client} from '@aws-sdk/client-s3';
import type {Storage} from '../storage.ts';
import {s3Client, s3Storage} from './s3.ts';

/**
 * Opens buckets, each once, over one client, which is made when the first is opened. A client counts all its
 * requests, so the count of one of these buckets is the sum of all. So a job's requests to other buckets are
 * on its bill too.
 */
export function s3Buckets(connect: () => S3Client = s3Client): (bucket: string) => Storage {
  const opened = new Map<string, Storage>();
  let client: S3Client | undefined;
  return (bucket) => {
    client ??= connect();
    const storage = opened.get(bucket) ?? s3Storage({bucket, client});
    opened.set(bucket, storage);
    return storage;
  };
}
