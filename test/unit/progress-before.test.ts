import {expect, it} from 'vitest';
import {progressBefore} from '../../src/job/runs/progress-before.ts';
import {lastRun} from '../../src/job/runs/records.ts';
import {progressKey, type RunRecord, runKey} from '../../src/model/keys.ts';
import {NOTHING_DRAWN, type Progress} from '../../src/model/progress.ts';
import {directoryStorage} from '../../src/storage/directory/directory.ts';
import {scratch} from '../support/processes.ts';

const {signal} = new AbortController();
const identity = {frames: 'all'};
const reached: Progress = {
  ...NOTHING_DRAWN,
  phase: 'rendering',
  frames: 24,
  framesDrawn: 9,
  elapsedSeconds: 4,
};
const lost = {state: 'lost', owner: 'its follower'};

/** A job of these runs, each with its records, the first one first. */
async function jobOf(...runs: Partial<Record<RunRecord, object>>[]) {
  const storage = directoryStorage({root: scratch()});
  for (const [index, {claim, ...records}] of runs.entries()) {
    const all = {claim: {owner: 'one', identity, root: index + 1, handedOver: 0, ...claim}, ...records};
    for (const [record, value] of Object.entries(all))
      await storage.put(runKey('film', index + 1, record as RunRecord), JSON.stringify(value));
  }
  const place = {storage, jobId: 'film', signal};
  return {place, storage, before: async () => progressBefore(await lastRun(place), identity, place)};
}

it('a run begins with what the run before it reached', async () => {
  const {before} = await jobOf({beat: {count: 2, progress: reached}, outcome: lost});
  expect(await before()).toEqual(reached);
});

it('runs that died before their first heartbeat lose nothing of what was reached before them', async () => {
  const {before, storage} = await jobOf(
    {beat: {count: 2, progress: reached}, outcome: lost},
    {outcome: lost},
    {outcome: lost},
  );
  expect(await before()).toEqual(reached);
  // The progress file may be newer than the last heartbeat of the run that wrote it.
  const file = {jobId: 'film', run: 1, updated: new Date(0).toISOString(), ...reached, elapsedSeconds: 5};
  await storage.put(progressKey('film'), JSON.stringify(file));
  expect(await before()).toEqual({...reached, elapsedSeconds: 5});
});

it('a run that died early had begun anew after the failure of another request, and so does the next', async () => {
  const error = {errorType: 'SceneFailed', errorMessage: 'the paint ran out'};
  const {before} = await jobOf(
    {
      claim: {identity: {frames: 'half of them'}},
      beat: {count: 2, progress: reached},
      outcome: {state: 'failed', owner: 'one', error},
    },
    {outcome: lost},
  );
  expect(await before()).toBeUndefined();
});

it('a job whose first run died early begins with nothing', async () => {
  const {before} = await jobOf({outcome: lost});
  expect(await before()).toBeUndefined();
});
