import {randomBytes} from 'node:crypto';
import {createServer, type IncomingMessage, type RequestListener, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {Readable} from 'node:stream';
import {text} from 'node:stream/consumers';
import {inspect} from 'node:util';
import {describe, expect, it} from 'vitest';
import {listAll} from '../../../src/storage/list-all.ts';
import {s3Client, s3Storage} from '../../../src/storage/s3/s3.ts';
import type {Storage} from '../../../src/storage/storage.ts';
import {everyMethod, stuckAfter} from '../../support/storage.ts';

const MiB = 1024 * 1024;

/** Answers of real servers on bad days, from a server that has only bad days. */
describe('s3Storage and the answers of S3', () => {
  /** Runs `use` with a storage whose requests are answered by `listener`; returns the requests. */
  async function answering(
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

  const error = (status: number, code: string, more = ''): RequestListener => {
    const body = `<Error><Code>${code}</Code><Message>about ${code}</Message>${more}</Error>`;
    return (_, response) => response.writeHead(status, {'content-type': 'application/xml'}).end(body);
  };

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

  it('asks for a free key in a single request, and at the end of a multipart upload', async () => {
    const parts: RequestListener = ({url = ''}, response) => {
      response.setHeader('etag', '"x"');
      if (url.includes('uploads'))
        response.end(
          '<InitiateMultipartUploadResult><UploadId>u1</UploadId></InitiateMultipartUploadResult>',
        );
      else if (url.includes('uploadId=u1') && !url.includes('partNumber'))
        response.end('<CompleteMultipartUploadResult><ETag>"x"</ETag></CompleteMultipartUploadResult>');
      else response.end();
    };
    const requests = await answering(parts, async (canned) => {
      for (const body of ['a', Readable.from(['a']), Readable.from([randomBytes(9 * MiB)])])
        await canned.put('a.mp4', body, {ifAbsent: true, contentType: 'video/mp4'});
      await canned.put('a.mp4', 'a');
    });
    const seen = requests.map(({method, url = '', headers}) => [
      `${method} ${url.replace(/[?&](x-id|partNumber)=\w+/g, '').replace('&', '?')}`,
      headers['if-none-match'],
    ]);
    expect(seen).toEqual([
      ['PUT /films/a.mp4', '*'],
      ['PUT /films/a.mp4', '*'],
      ['POST /films/a.mp4?uploads=', undefined],
      ['PUT /films/a.mp4?uploadId=u1', undefined],
      ['PUT /films/a.mp4?uploadId=u1', undefined],
      ['POST /films/a.mp4?uploadId=u1', '*'],
      ['PUT /films/a.mp4', undefined],
    ]);
    // A checksum in a plain header, and no chunked body: that is what every server understands.
    for (const {headers} of requests.filter(({method}) => method === 'PUT')) {
      expect(headers['x-amz-checksum-crc32']).toMatch(/^[\w+/]{6}==$/);
      expect(headers['content-encoding']).toBeUndefined();
    }
  });

  it('takes the parts away when one of them fails', async () => {
    const parts: RequestListener = (request, response) => {
      if (request.url?.includes('partNumber=2')) return error(500, 'InternalError')(request, response);
      response.setHeader('etag', '"x"');
      response.end('<InitiateMultipartUploadResult><UploadId>u1</UploadId></InitiateMultipartUploadResult>');
    };
    const requests = await answering(parts, async (canned) => {
      const body = Readable.from(stuckAfter(24 * MiB, () => {}));
      await expect(canned.put('a.mp4', body)).rejects.toMatchObject({name: 'StorageUnavailable'});
      expect(body.destroyed).toBe(true);
    });
    expect(requests.at(-1)).toMatchObject({method: 'DELETE', url: expect.stringContaining('uploadId=u1')});
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

  it('lists everything or nothing', async () => {
    let page = 0;
    const first =
      '<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>t</NextContinuationToken>' +
      '<Contents><Key>a</Key><Size>1</Size></Contents></ListBucketResult>';
    const pages: RequestListener = (request, response) =>
      ++page === 1 ? response.end(first) : error(503, 'SlowDown')(request, response);
    await answering(pages, async (canned) => {
      await expect(listAll('', {storage: canned})).rejects.toMatchObject({name: 'StorageUnavailable'});
    });
  });

  it('asks for the bucket at the first 404 only', async () => {
    const free: RequestListener = ({url}, response) =>
      url?.includes('list-type') ? response.end('<ListBucketResult/>') : response.writeHead(404).end();
    const requests = await answering(free, async ({head}) => {
      for (const key of ['a', 'b', 'c']) expect(await head(key)).toBeUndefined();
    });
    const urls = requests.map(({url}) => url?.replace('films/?', 'films?'));
    expect(urls).toEqual(['/films/a', '/films?list-type=2&prefix=a', '/films/b', '/films/c']);
  });

  it('believes a listing where S3 does not say whether a key is missing', async () => {
    const listing: (...keys: string[]) => RequestListener = (...keys) => {
      const contents = keys.map((key) => `<Contents><Key>${key}</Key><Size>1</Size></Contents>`);
      return (_, response) => response.end(`<ListBucketResult>${contents.join('')}</ListBucketResult>`);
    };
    const refused = error(403, 'AccessDenied');
    const by = (list: RequestListener) => (request: IncomingMessage, response: ServerResponse) =>
      (request.url?.includes('list-type') ? list : refused)(request, response as never);
    await answering(by(listing('a.mp4.old')), async ({head, get}) => {
      expect(await head('a.mp4')).toBeUndefined();
      await expect(get('a.mp4')).rejects.toMatchObject({name: 'StorageNotFound'});
    });
    for (const list of [listing('a.mp4', 'a.mp4.old'), refused])
      await answering(by(list), async ({head, get}) => {
        for (const ask of [head, get]) await expect(ask('a.mp4')).rejects.toThrow(/ was refused/);
      });
  });

  it('tries again, and says how it ended', async () => {
    let tries = 0;
    const recovering: RequestListener = (request, response) =>
      ++tries < 3 ? error(503, 'SlowDown')(request, response) : response.end('a');
    const requests = await answering(
      recovering,
      async (canned) => expect(await text(await canned.get('a.mp4'))).toBe('a'),
      5,
    );
    expect(requests).toHaveLength(3);
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
