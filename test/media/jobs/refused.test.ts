import {setTimeout as pause} from 'node:timers/promises';
import {expect, it} from 'vitest';
import {openJobs} from '../../../src/apps/cli/jobs.ts';
import {createHandler} from '../../../src/apps/handler/handler.ts';
import {RenderError} from '../../../src/base/errors.ts';
import {listJobs} from '../../../src/job/list-jobs.ts';
import type {Renderer} from '../../../src/renderers/renderer.ts';
import {storage, watched} from '../../support/jobs.ts';
import {filmEvent, inProcess} from '../../support/test-picture.ts';

const {signal} = new AbortController();

/** Sends an event as Lambda does without a waiting caller. */
async function sendAsync(event: object, invocation: string, renderer: Renderer = watched()): Promise<void> {
  const handler = createHandler({renderer, storage, engine: inProcess({renderer, storage})});
  const context = {getRemainingTimeInMillis: () => 900_000, awsRequestId: invocation};
  await handler(event, context).catch(() => {});
}

const broken = (): Renderer => ({
  ...watched(),
  fingerprint: () => Promise.reject(new RenderError('ProjectBroken', 'scene.tsx:3: ; expected')),
});

/** The answer of each way to ask for a job. */
async function told(jobId: string) {
  const jobs = openJobs({storage: storage.bucket});
  const {jobs: listed} = await listJobs({storage, most: 9}, signal);
  return {
    status: await jobs.status(jobId, signal),
    listed: listed.find((job) => job.jobId === jobId),
    watched: await jobs.waitFor(jobId, {signal, patience: 0}).catch((error: unknown) => error),
  };
}

it('a job whose event was refused has failed, with the reason, for all who ask; a later run wins', async () => {
  await sendAsync(filmEvent({quality: 'brilliant' as 'best'}), 'i-1');
  const errorMessage = expect.stringContaining('quality is "brilliant"');
  const refused = await told('film');
  expect(refused).toEqual({
    status: {jobId: 'film', state: 'failed', run: 0, beat: 0, error: {errorType: 'BadEvent', errorMessage}},
    listed: expect.objectContaining({
      state: 'failed',
      error: expect.stringMatching(/^BadEvent: .*quality is "brilliant"/),
    }),
    watched: expect.objectContaining({errorType: 'BadEvent', message: errorMessage}),
  });

  // The clock of a directory has ticks.
  await pause(20);
  await sendAsync(filmEvent(), 'i-2', broken());
  expect(await told('film')).toMatchObject({
    status: {state: 'failed', run: 0, error: {errorType: 'ProjectBroken'}},
    listed: {state: 'failed', error: 'ProjectBroken: scene.tsx:3: ; expected'},
    watched: {errorType: 'ProjectBroken'},
  });

  await sendAsync(filmEvent(), 'i-3');
  const finished = {state: 'finished', frames: 23};
  expect(await told('film')).toMatchObject({
    status: {state: 'finished', run: 1},
    listed: finished,
    watched: finished,
  });
  // Also over what is refused after it.
  await sendAsync(filmEvent({numWorkers: 9}), 'i-4');
  expect(await told('film')).toMatchObject({status: {state: 'finished', run: 1}});
});

it('a job without a name is known by that of its invocation', async () => {
  const {jobId: _, ...event} = filmEvent();
  await sendAsync(event, 'i-1', broken());
  expect(await told('i-1')).toMatchObject({
    status: {state: 'failed', error: {errorType: 'ProjectBroken'}},
    listed: {state: 'failed'},
  });
});

it('an invocation that is asked for by name is not the one that was refused before', async () => {
  await sendAsync(filmEvent({numWorkers: 0}), 'i-1');
  const jobs = openJobs({storage: storage.bucket});
  const waiting = jobs.waitFor({jobId: 'film', after: 0, invocation: 'i-2'}, {signal, patience: 0});
  await expect(waiting).rejects.toMatchObject({errorType: 'JobUnknown'});
});
