import {expect, it} from 'vitest';
import {renderChunk} from '../../../src/job/render-chunk.ts';
import type {PartialRender} from '../../../src/model/event.ts';
import {contentHash} from '../../../src/model/keys.ts';
import {parseEvent} from '../../../src/model/parse-event.ts';
import {ENCODINGS} from '../../../src/model/quality.ts';
import {listAll} from '../../../src/storage/list-all.ts';
import {drawn, storage, watched} from '../../support/jobs.ts';

const content = contentHash({
  fingerprint: 'the test picture',
  variables: {},
  encoding: ENCODINGS.cheapest,
  frameHashes: false,
});
const order = {
  jobType: 'partialRender',
  jobId: 'film',
  workerId: 0,
  numWorkers: 1,
  variables: {},
  chunk: {start: 0, end: 8, content, run: 1},
};
const render = (event: object) => {
  const signal = AbortSignal.timeout(20_000);
  return renderChunk(parseEvent(event) as PartialRender, {renderer: watched(), storage}, {signal});
};

it('an order of a version that knew no segments draws nothing, and says that the function was updated', async () => {
  await expect(render(order)).rejects.toMatchObject({
    name: 'ProjectChanged',
    message: expect.stringContaining('The function was updated meanwhile'),
  });
  expect(drawn).toEqual([]);
  expect(await listAll('chunks/', {storage})).toEqual([]);
});

it('the same order with its segments is drawn', async () => {
  const segmented = {...order, chunk: {...order.chunk, segments: [4, 4]}};
  expect(await render(segmented)).toMatchObject({start: 0, end: 8, frames: 8});
});
