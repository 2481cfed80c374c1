import {readdirSync, utimesSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {listJobs} from '../../src/job/list-jobs.ts';
import {claimRun, endRun} from '../../src/job/runs/records.ts';
import {reportKey, runKey} from '../../src/model/keys.ts';
import {directoryStorage} from '../../src/storage/directory/directory.ts';
import {scratch} from '../support/processes.ts';

const {signal} = new AbortController();

/** A storage of jobs that were last written this many seconds ago. */
async function storageOf(jobs: Readonly<Record<string, number>>) {
  const root = scratch();
  const storage = directoryStorage({root});
  for (const [jobId, seconds] of Object.entries(jobs)) {
    const place = {storage, jobId, signal};
    await claimRun(place, {number: 1, claim: {owner: 'o', root: 1, handedOver: 0}});
    const folder = join(root, 'jobs', jobId);
    const at = new Date(Date.now() - seconds * 1000);
    for (const entry of readdirSync(folder, {recursive: true, withFileTypes: true}))
      if (entry.isFile()) utimesSync(join(entry.parentPath, entry.name), at, at);
  }
  return storage;
}

test('the newest jobs are listed, whatever their names, and how many there are', async () => {
  const storage = await storageOf({c: 30, a: 10, d: 40, b: 20});
  const {jobs, total} = await listJobs({storage, most: 2}, signal);
  expect({total, jobs: jobs.map(({jobId}) => jobId)}).toEqual({total: 4, jobs: ['a', 'b']});
});

test('a job that should be running, but says nothing for a minute, is silent; one that makes no sense is listed', async () => {
  const storage = await storageOf({dead: 90, running: 5, failed: 100, garbled: 200});
  const outcome = {owner: 'o', state: 'failed', error: {errorType: 'X', errorMessage: 'why\nwhere'}} as const;
  await endRun({storage, jobId: 'failed', signal}, {number: 1, outcome});
  await storage.put(reportKey('failed'), '<!doctype html>');
  await storage.put(runKey('garbled', 1, 'claim'), '{"no": "claim"}');
  const {jobs} = await listJobs({storage, most: 9}, signal);
  const found = Object.fromEntries(
    jobs.map(({jobId, state, report, error}) => [jobId, {state, report, error}]),
  );
  expect(found).toEqual({
    dead: {state: 'silent', report: false},
    running: {state: 'running', report: false},
    failed: {state: 'failed', report: true, error: 'X: why'},
    garbled: {state: 'unreadable', report: false, error: expect.stringMatching(/^"jobs\/garbled/)},
  });
});
