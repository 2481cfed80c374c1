import {expect, test} from 'vitest';
import {pastTraces} from '../../../src/cost/past-traces.ts';
import {runKey} from '../../../src/model/keys.ts';
import {directoryStorage} from '../../../src/storage/directory/directory.ts';
import {putJson} from '../../../src/storage/json.ts';
import {pastJob} from '../../support/cost/past-job.ts';
import {scratch} from '../../support/processes.ts';

const {signal} = new AbortController();

test('reads the traces of every run, and nothing else', async () => {
  const storage = directoryStorage({root: scratch()});
  expect(await pastTraces(storage, signal)).toEqual([]);
  const trace = pastJob({memoryMb: 2048, perFrame: 0.1});
  await putJson(runKey('a', 1, 'trace'), trace, {storage});
  await putJson(runKey('a', 2, 'trace'), {...trace, run: 2}, {storage});
  await putJson(runKey('a', 2, 'beat'), {...trace, run: 3}, {storage});
  await putJson(runKey('b', 1, 'trace'), {...trace, version: undefined}, {storage});
  await storage.put(runKey('c', 1, 'trace'), 'no JSON');
  expect(await pastTraces(storage, signal)).toEqual([trace, {...trace, run: 2}]);
});

test('reads a hundred of many, of jobs with all sorts of names', async () => {
  const storage = directoryStorage({root: scratch()});
  const trace = pastJob({memoryMb: 2048, perFrame: 0.1});
  const jobs = Array.from({length: 250}, (_, index) => `job-${String(index).padStart(3, '0')}`);
  for (const jobId of jobs) await putJson(runKey(jobId, 1, 'trace'), {...trace, jobId}, {storage});
  const read = (await pastTraces(storage, signal)).map(({jobId}) => jobId);
  expect(new Set(read).size).toBe(100);
  for (const tens of ['00', '12', '24'])
    expect(read.some((jobId) => jobId.startsWith(`job-${tens}`))).toBe(true);
});
