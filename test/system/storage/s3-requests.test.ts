import {randomBytes} from 'node:crypto';
import type {IncomingMessage, RequestListener, ServerResponse} from 'node:http';
import {Readable} from 'node:stream';
import {text} from 'node:stream/consumers';
import {describe, expect, it} from 'vitest';
import {listAll} from '../../../src/storage/list-all.ts';
import {answering, error} from '../../support/s3-answers.ts';
import {stuckAfter} from '../../support/storage.ts';

const MiB = 1024 * 1024;

describe('s3Storage and the requests it makes', () => {
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
});
