import {randomBytes} from 'node:crypto';
import type {RequestListener} from 'node:http';
import {Readable} from 'node:stream';
import {text} from 'node:stream/consumers';
import {inspect} from 'node:util';
import {describe, expect, it} from 'vitest';
import {s3Client, s3Storage} from '../../../src/storage/s3/s3.ts';
import {answering, error} from '../../support/s3-answers.ts';
import {everyMethod} from '../../support/storage.ts';

const MiB = 1024 * 1024;

/** Answers of real servers on bad days, from a server that has only bad days. */
describe('s3Storage and the answers of S3', () => {
  it.each([
    [301, 'PermanentRedirect', 'BucketNotFound', 'AWS_REGION'],
    [400, 'AuthorizationHeaderMalformed', 'BucketNotFound', 'AWS_REGION'],
    [400, 'InvalidBucketName', 'BucketNotFound', 'REVIDEO_BUCKET_NAME'],
    [404, 'NoSuchBucket', 'BucketNotFound', 'REVIDEO_BUCKET_NAME'],
    [404, 'NoSuchUpload', 'StorageUnavailable', 'NoSuchUpload'],
    [400, 'ExpiredToken', 'StorageRefused', 'credentials'],
    [403, 'RequestTimeTooSkewed', 'StorageRefused', 'RequestTimeTooSkewed'],
    [403, 'AccessDenied', 'StorageRefused', 's3:PutObject'],
    [501, 'NotImplemented', 'StorageRefused', 'does not implement'],
    [412, 'PreconditionFailed', 'StorageConflict', 'taken'],
    [409, 'ConditionalRequestConflict', 'StorageConflict', 'taken'],
    [409, 'OperationAborted', 'StorageUnavailable', 'OperationAborted'],
    [400, 'RequestTimeout', 'StorageUnavailable', 'RequestTimeout'],
    [500, 'InternalError', 'StorageUnavailable', 'HTTP 500'],
    [503, 'SlowDown', 'StorageUnavailable', 'HTTP 503'],
    [400, 'EntityTooLarge', 'Internal', 'EntityTooLarge'],
  ] as const)('takes %i %s for %s', async (status, code, name, words) => {
    await answering(error(status, code), async (canned) => {
      for (const body of ['a', Readable.from(['a']), Readable.from([randomBytes(9 * MiB)])]) {
        const thrown = await canned.put('a.mp4', body).catch((e: unknown) => e);
        expect(thrown).toMatchObject({name});
        expect(String(thrown)).toContain(words);
        expect(String(thrown)).toContain('"films"');
      }
    });
  });

  it('keeps what S3 repeats of a request out of its errors', async () => {
    const secrets =
      '<AWSAccessKeyId>AKIASECRETSECRETSECR</AWSAccessKeyId><SignatureProvided>5ec2e7</SignatureProvided>' +
      '<StringToSign>AWS4-HMAC-SHA256 5ec2e7</StringToSign>';
    await answering(error(403, 'SignatureDoesNotMatch', secrets), async (canned) => {
      for (const method of Object.values(everyMethod(canned))) {
        const thrown = await method().catch((e: unknown) => e);
        expect(thrown).toMatchObject({name: 'StorageRefused'});
        expect(inspect(thrown, {depth: null, showHidden: true})).not.toMatch(/AKIA|5ec2e7|AWS4/);
      }
    });
  });

  it('raises what became of a single key', async () => {
    const result =
      '<DeleteResult><Error><Key>b.mp4</Key><Code>AccessDenied</Code><Message>no</Message></Error></DeleteResult>';
    await answering(
      (_, response) => response.end(result),
      async (canned) => {
        const refusal = {name: 'StorageRefused', message: expect.stringMatching(/"b\.mp4".*s3:DeleteObject/)};
        await expect(canned.delete(['a.mp4', 'b.mp4'])).rejects.toMatchObject(refusal);
      },
    );
  });

  it.each([
    ['is cut short', {'content-length': '1000'}, /StorageUnavailable: GetObject of "a.mp4"/],
    [
      'does not match its checksum',
      {'x-amz-checksum-crc32': 'AAAAAA=='},
      /StorageUnavailable.*Checksum mismatch/,
    ],
  ])('fails to read a body that %s', async (_, headers, words) => {
    const broken: RequestListener = (_, response) => {
      response.writeHead(200, headers).write('half');
      setTimeout(() => ('content-length' in headers ? response.destroy() : response.end()), 20);
    };
    await answering(broken, async (canned) => {
      const thrown = await text(await canned.get('a.mp4')).catch((e: unknown) => e);
      expect(String(thrown)).toMatch(words);
      expect(thrown).toMatchObject({retryable: true});
    });
  });

  it.each(Object.keys(everyMethod(s3Storage({bucket: 'films'}))))(
    '%s says when nobody answers',
    async (method) => {
      const nobody = s3Client({
        endpoint: 'http://127.0.0.1:1',
        region: 'us-east-1',
        credentials: {accessKeyId: 'a', secretAccessKey: 's'},
        maxAttempts: 1,
      });
      const thrown = await everyMethod(s3Storage({bucket: 'films', client: nobody}))
        [method]?.()
        .catch((e) => e);
      expect(thrown).toMatchObject({name: 'StorageUnavailable', retryable: true});
      expect(String(thrown)).toContain('ECONNREFUSED');
    },
  );

  it('says when there are no credentials', async () => {
    const nobody = s3Client({
      region: 'us-east-1',
      credentials: async () => {
        throw Object.assign(new Error('Could not load credentials'), {name: 'CredentialsProviderError'});
      },
    });
    for (const method of Object.values(everyMethod(s3Storage({bucket: 'films', client: nobody}))))
      await expect(method()).rejects.toMatchObject({name: 'StorageRefused', message: /AWS credentials/});
  });
});
