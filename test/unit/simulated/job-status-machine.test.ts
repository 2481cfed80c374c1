import fc from 'fast-check';
import {expect, test} from 'vitest';
import {RenderError} from '../../../src/base/errors.ts';
import {type JobStatus, jobStatus} from '../../../src/job/job-status.ts';
import {renderJob} from '../../../src/job/render-job.ts';
import {progressKey} from '../../../src/model/keys.ts';
import {NOTHING_DRAWN, ProgressFile} from '../../../src/model/progress.ts';
import type {Renderer} from '../../../src/renderers/renderer.ts';
import {readJson} from '../../../src/storage/json.ts';
import {retryingStorage} from '../../../src/storage/retrying-storage.ts';
import {depthOf} from '../../support/depth.ts';
import {simulatedEngine} from '../../support/job-machine/engine.ts';
import {simulatedMedia} from '../../support/job-machine/media.ts';
import {Bucket, viewOf} from '../../support/job-machine/storage.ts';
import {passTime, simulateTime, worldOf} from '../../support/job-machine/time.ts';
import {everyFrame} from '../../support/segments.ts';
import {filmEvent} from '../../support/test-picture.ts';

simulateTime();

const FRAMES = 24;
const renderer: Renderer = {
  fingerprint: async () => 'project',
  plan: async () => ({
    frames: FRAMES,
    segments: everyFrame(FRAMES),
    fps: 30,
    size: {width: 2, height: 2},
    sounds: [],
  }),
  render: () => {
    throw new Error('Workers draw, not the orchestrator.');
  },
  locate: async (src) => src,
  close: async () => {},
};

const world = fc.record({
  numWorkers: fc.integer({min: 1, max: 12}),
  concurrency: fc.integer({min: 1, max: 4}),
  seed: fc.nat(),
  workersFail: fc.constantFrom(0, 0.1),
  /** Simulated milliseconds after which one orchestrator after the other is killed; the last lives on. */
  deaths: fc.array(fc.integer({min: 1_000, max: 40_000}), {maxLength: 3}),
  /** Simulated milliseconds after which each hands over; 0 for never. */
  handsOver: fc.constantFrom(0, 5_000, 15_000),
});

test('who asks for a job again and again never hears of less, whoever renders it and dies', async () => {
  let asked = 0;
  let runs = 0;
  const holds = fc.asyncProperty(world, async ({seed, numWorkers, concurrency, deaths, ...one}) => {
    const chance = worldOf(seed);
    const bucket = new Bucket();
    const room = {left: 12};
    const calm = {bucket, chance, failing: 0, stale: 0};
    const sent: Promise<unknown>[] = [];
    const begin = (lives: number): void => {
      let dead = false;
      const isDead = () => dead;
      const killed = new Promise<void>((resolve) => {
        if (lives < Infinity)
          setTimeout(() => {
            dead = true;
            resolve();
          }, lives);
      });
      const handOver = new AbortController();
      if (one.handsOver) setTimeout(() => handOver.abort(new RenderError('TimedOut', 'near')), one.handsOver);
      const engine = simulatedEngine(
        {...calm, room, failing: one.workersFail, slow: 0, corrupt: 0, broken: new Set()},
        {concurrency, isDead, seen: {running: 0, peak: 0, begun: []}},
      );
      const job = renderJob(
        filmEvent({numWorkers}),
        {renderer, storage: retryingStorage(viewOf({...calm, isDead})), engine, media: simulatedMedia},
        {},
        {
          signal: new AbortController().signal,
          handOver: {signal: handOver.signal, start: async () => begin(Infinity)},
        },
      );
      sent.push(Promise.race([job.catch(() => {}), killed]));
    };

    const statuses: JobStatus[] = [];
    const files: ProgressFile[] = [];
    const {signal} = new AbortController();
    const storage = viewOf({...calm, isDead: () => false});
    let over = false;
    const watching = (async () => {
      while (!over) {
        statuses.push(await jobStatus({jobType: 'status', jobId: 'film'}, {storage}, signal));
        const kept = await readJson(progressKey('film'), {storage, signal});
        if (kept !== undefined) files.push(ProgressFile.parse(kept));
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    })();
    for (const lives of [...deaths, Infinity]) {
      begin(lives);
      // Handing over adds to the list while it is waited for.
      for (let index = 0; index < sent.length; index++) await passTime(sent[index] as Promise<unknown>);
    }
    over = true;
    await passTime(watching);

    let last = NOTHING_DRAWN;
    for (const {progress, state} of statuses) {
      // A job that is sent again after a failure may ask for another film.
      if (state === 'failed') last = NOTHING_DRAWN;
      if (!progress) continue;
      for (const name of ['frames', 'framesDrawn', 'chunks', 'chunksDone'] as const)
        expect(progress[name]).toBeGreaterThanOrEqual(last[name]);
      expect(progress.framesDrawn).toBeLessThanOrEqual(FRAMES);
      last = progress;
    }
    // A reader of the bucket sees the same, from one run after the other.
    let before: ProgressFile | undefined;
    for (const file of files) {
      if (before && before.phase !== 'failed') expect(file.run).toBeGreaterThanOrEqual(before.run);
      for (const name of ['frames', 'framesDrawn', 'chunks', 'chunksDone', 'elapsedSeconds'] as const)
        if (before && before.phase !== 'failed') expect(file[name]).toBeGreaterThanOrEqual(before[name]);
      before = file;
    }
    if (statuses.at(-1)?.state === 'finished')
      expect(files.at(-1)).toMatchObject({phase: 'done', framesDrawn: FRAMES});
    asked += statuses.length;
    runs = Math.max(runs, ...statuses.map(({run}) => run));
  });
  const numRuns = depthOf(150);
  await fc.assert(holds, {numRuns});
  // It has seen something, and hand-overs and deaths among it.
  expect(asked).toBeGreaterThan(6 * numRuns);
  // Few jobs may all be lucky.
  if (numRuns >= 100) expect(runs).toBeGreaterThan(2);
});
