import {readdirSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {join} from 'node:path';
import {describe, expect, it, onTestFinished} from 'vitest';
import {downloadFilm} from '../../../src/apps/client/download-film.ts';
import type {RenderResult} from '../../../src/apps/client/types.ts';
import {scratch} from '../../support/processes.ts';

describe('a download', () => {
  const bytes = Buffer.alloc(100_000, 7);

  async function fetchFrom(
    answers: readonly ('whole' | 'half' | 'none' | 'endless' | number)[],
    length = bytes.length,
  ) {
    let [asked, sent] = [0, 0];
    const server = createServer((_, response) => {
      const answer = answers[Math.min(asked++, answers.length - 1)];
      if (typeof answer === 'number') return void response.writeHead(answer).end('no');
      if (answer === 'none') return void response.destroy();
      if (answer === 'endless') {
        const more = () => {
          // Without a bound in the client, the test ends at 100 MB.
          sent += bytes.length;
          if (sent > 100e6) response.end();
          else response.write(bytes, more);
        };
        return void more();
      }
      response.writeHead(200, {'content-length': bytes.length});
      if (answer === 'whole') return void response.end(bytes);
      response.write(bytes.subarray(0, 50_000), () => response.destroy());
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    onTestFinished(() => void server.close());
    const resultUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/film.mp4?X-Amz-Signature=secret`;
    const folder = scratch();
    const path = join(folder, 'film.mp4');
    const result = {jobId: 'X', resultUrl, bytes: length} as RenderResult;
    const error = await downloadFilm(result, path, {}).catch((error: unknown) => error);
    return {error, asked, files: readdirSync(folder), path};
  }

  it('that breaks off is begun again', async () => {
    const {error, asked, path} = await fetchFrom(['half', 503, 'whole']);
    expect({error, asked}).toEqual({error: undefined, asked: 3});
    expect(await readFile(path)).toEqual(bytes);
  });

  it.each([
    ['breaks off again and again', ['half'], bytes.length, 3, true],
    ['is refused', [403], bytes.length, 1, false],
    ['has another length than the film', ['whole'], bytes.length + 1, 3, true],
    ['is not answered', ['none'], bytes.length, 3, true],
    ['never ends', ['endless'], bytes.length, 1, false],
  ] as const)('that %s leaves nothing', async (_, answers, length, asked, retryable) => {
    const fetched = await fetchFrom(answers, length);
    expect(fetched).toMatchObject({asked, files: []});
    expect(fetched.error).toMatchObject({name: 'RenderFailed', errorType: 'DownloadFailed', retryable});
    expect((fetched.error as Error).message).not.toContain('secret');
  });
});
