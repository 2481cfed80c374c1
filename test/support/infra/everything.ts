import {join} from 'node:path';
import {buffer} from 'node:stream/consumers';
import {expect} from 'vitest';
import type {FunctionCheck} from '../../../src/apps/check/check-function.ts';
import {listAll} from '../../../src/storage/list-all.ts';
import {garble, gate, s3Answers} from '../../faults/support/disturbances.ts';
import type {Matcher} from '../../faults/support/proxy.ts';
import {writes} from '../../faults/support/s3.ts';
import {type Outcome, openScene} from '../../faults/support/scene.ts';
import type {Stage, StageOptions} from '../../faults/support/stage.ts';
import {PROJECTS} from '../project-media.ts';

/** The stage for it. */
export const NOISE: StageOptions = {concurrency: 3, environment: {REVIDEO_PROJECT: join(PROJECTS, 'noise')}};

/** Frames of noise, in chunks and a film that are too large for one request. */
const EVENT = {jobType: 'fullRender', jobId: 'one', numWorkers: 1, quality: 'balanced', frameHashes: true};

/** A part of an upload to a key that matches. */
const parts =
  (key: RegExp): Matcher =>
  (exchange) =>
    exchange.query.has('partNumber') && writes(key)(exchange);

/** As often as the SDK tries one request, for the two parts that are under way at a time. */
const UNTIL_IT_GIVES_UP = {last: 10};

/** Jobs that together do all that this system does with AWS; each is seen to have come to what it should. */
export async function renderEverything(stage: Stage): Promise<void> {
  const {bucket} = stage;
  const send = (event: object): Promise<Outcome | undefined> =>
    openScene(stage, {...EVENT, variables: {wishes: {}}} as never).invokeOnce(event);

  // A chunk and a film whose upload fails in its middle, and succeeds the next time.
  const chunk = bucket.proxy.disturb(parts(/^chunks\//), s3Answers(500, 'InternalError'), UNTIL_IT_GIVES_UP);
  const film = bucket.proxy.disturb(parts(/^renders\//), s3Answers(500, 'InternalError'), UNTIL_IT_GIVES_UP);
  const one = await send(EVENT);
  expect(one?.result).toMatchObject({state: 'finished', chunks: {retried: 0}});
  expect([chunk.hits(), film.hits()]).not.toContain(0);
  bucket.proxy.calm();
  // It is there already; and its address works.
  expect((await send(EVENT))?.result).toMatchObject({state: 'finished'});
  const {resultUrl = ''}: {resultUrl?: string} = one?.result ?? {};
  expect((await fetch(resultUrl)).status).toBe(200);

  // A pack that differs from its index is rendered again. The variables are in the bucket.
  const [stored] = (await listAll('chunks/', {storage: bucket.direct})).filter(({key}) =>
    key.endsWith('.pack'),
  );
  const bytes = await buffer(await bucket.direct.get(stored?.key ?? ''));
  await bucket.direct.put(stored?.key ?? '', garble(bytes));
  await bucket.direct.put('jobs/two/variables.json', '{}');
  const two = await send({...EVENT, jobId: 'two', variablesStored: true});
  expect(two?.result).toMatchObject({state: 'finished', chunks: {rendered: 1}});

  // A job that is cancelled before its film is stored.
  const held = gate();
  const stop = bucket.proxy.disturb(writes(/^renders\/three/), held.hold);
  const three = send({...EVENT, jobId: 'three'});
  await stop.met;
  expect((await send({jobType: 'cancel', jobId: 'three'}))?.result).toMatchObject({state: 'cancelled'});
  held.open();
  expect((await three)?.error).toMatchObject({errorType: 'Cancelled'});
  bucket.proxy.calm();

  // A caller asks for its state, and runs the check.
  expect((await send({jobType: 'status', jobId: 'one'}))?.result).toMatchObject({state: 'finished'});
  const check = (await send({jobType: 'check'}))?.result as unknown as FunctionCheck;
  expect(check.checks.filter(({state}) => state === 'failed')).toEqual([]);
}
