import {readFileSync} from 'node:fs';
import type {IncomingMessage, ServerResponse} from 'node:http';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {startOrigin} from '../support/origin.ts';
import {PROJECTS} from '../support/project-media.ts';
import {type Expectation, type Fault, faults} from './support/faults.ts';

type Disturb = (request: IncomingMessage, response: ServerResponse) => boolean;

const TYPE = {'content-type': 'video/mp4'};

const bytes = (): Buffer => readFileSync(join(PROJECTS, 'faults/public/clip.mp4'));

/** Sends a whole file, a tenth of it every 150 ms. */
async function trickle(file: Buffer, response: ServerResponse): Promise<void> {
  response.writeHead(200, {...TYPE, 'content-length': file.length, etag: '"one"'});
  const tenth = Math.ceil(file.length / 10);
  for (let at = 0; at < file.length; at += tenth) {
    await sleep(150);
    response.write(file.subarray(at, at + tenth));
  }
  response.end();
}

/** A row whose film shows a clip of a server that does something to its requests. */
const clip = (name: string, disturb: Disturb, expect: Expectation): Fault => ({
  name,
  async arrange(scene) {
    const origin = await startOrigin({'/clip.mp4': {bytes: bytes(), type: 'video/mp4', etag: '"one"'}});
    let hits = 0;
    origin.disturb = (request, response) => {
      const disturbed = disturb(request, response);
      hits += Number(disturbed);
      return disturbed;
    };
    scene.event.variables.wishes = {clip: `${origin.address}/clip.mp4`};
    return {hits: () => hits, met: Promise.resolve()};
  },
  expect,
});

/** Does it to each of the first requests. */
const first = (count: number, does: Disturb): Disturb => {
  let seen = 0;
  return (...request) => ++seen <= count && does(...request);
};

const failed: Expectation = {error: 'MediaFailed'};

faults(
  'media',
  [
    clip('the server says 404', (_, response) => Boolean(response.writeHead(404).end()), failed),
    clip(
      'the server says 500 at first',
      first(1, (_, response) => Boolean(response.writeHead(500).end())),
      {film: {}},
    ),
    clip(
      'a page of text in place of the clip',
      (_, response) =>
        Boolean(response.writeHead(200, {'content-type': 'text/html'}).end('<h1>Please sign in</h1>')),
      failed,
    ),
    clip(
      'cut off, always',
      (_, response) => {
        response.writeHead(200, {...TYPE, 'content-length': 50_000});
        response.write(Buffer.alloc(1000), () => response.destroy());
        return true;
      },
      failed,
    ),
    clip(
      'reset at first',
      first(1, (request) => Boolean(request.socket.resetAndDestroy())),
      {film: {}},
    ),
    clip('silent', () => true, failed),
    clip(
      'without an end',
      (_, response) => {
        response.writeHead(200, TYPE);
        const timer = setInterval(() => response.write(Buffer.alloc(65_536)), 5);
        response.once('close', () => clearInterval(timer));
        return true;
      },
      failed,
    ),
    clip(
      'slow, but there',
      first(1, (_, response) => {
        trickle(bytes(), response);
        return true;
      }),
      {film: {}},
    ),
  ],
  {environment: {REVIDEO_MEDIA_TIMEOUT: '5', REVIDEO_MAX_MEDIA_MB: '5'}},
);
