import {expect, it} from 'vitest';
import {claimRun, endRun, type JobRecords, readClaim} from '../../../src/job/runs/records.ts';
import {MAX_TAKEOVERS} from '../../../src/job/runs/take-job.ts';
import {runKey} from '../../../src/model/keys.ts';
import {readJson} from '../../../src/storage/json.ts';
import {film, send, storage} from '../../support/jobs.ts';

const place = (): JobRecords => ({storage, jobId: 'film', signal: new AbortController().signal});

/** Runs that fell silent, one after the other, as those who took them over have left them. */
async function lose(runs: number): Promise<void> {
  const claim = {owner: 'silent', root: 1, handedOver: 0};
  for (let number = 1; number <= runs; number++) {
    await claimRun(place(), {number, claim: {...claim, ...(number > 1 && {lost: number - 1})}});
    await endRun(place(), {number, outcome: {state: 'lost', owner: 'another'}});
  }
}

it('A job whose orchestrators fall silent one after the other ends, and says so', async () => {
  await lose(MAX_TAKEOVERS + 1);
  await expect(send()).rejects.toMatchObject({
    name: 'WorkerCrashed',
    message: expect.stringContaining(`orchestrators of ${MAX_TAKEOVERS + 1} runs of job film in a row died`),
  });
  const outcome = await readJson(runKey('film', MAX_TAKEOVERS + 2, 'outcome'), place());
  expect(outcome).toMatchObject({state: 'failed', error: {errorType: 'WorkerCrashed'}});
  // The next sending starts a new row.
  expect(await send()).toMatchObject({state: 'finished'});
});

it('A job is taken over as often as that, and each run knows how often it was', async () => {
  await lose(MAX_TAKEOVERS);
  expect(await send()).toMatchObject({state: 'finished'});
  expect(await readClaim(place(), MAX_TAKEOVERS + 1)).toMatchObject({lost: MAX_TAKEOVERS});
  expect(await film()).toBeGreaterThan(0);
});
