import {expect, test} from 'vitest';
import {chooseWorkers} from '../../../src/cost/choose-workers.ts';
import {runKey} from '../../../src/model/keys.ts';
import {segmentGrid} from '../../../src/model/segments.ts';
import {directoryStorage} from '../../../src/storage/directory/directory.ts';
import {putJson} from '../../../src/storage/json.ts';
import {cliHere} from '../../support/cli-here.ts';
import {pastJob} from '../../support/cost/past-job.ts';
import {scratch} from '../../support/processes.ts';

test('draws a curve from defaults, and names the knee, which is what an event without a number gets', async () => {
  const args = ['estimate', '--frames', '900', '--storage', scratch()];
  const {code, stdout, stderr} = await cliHere([...args, '--region', 'sa-east-1']);
  expect({code, stderr}).toEqual({code: 0, stderr: ''});
  const workers = chooseWorkers({frames: 900, fps: 30, segments: segmentGrid({frames: 900, fps: 30})});
  expect(stdout).toMatch(
    /^900 frames in the quality cheapest, on x86_64, at AWS's prices of .* for sa-east-1:/,
  );
  expect(stdout).toContain('3008 MB, no past jobs: from defaults');
  expect(stdout).toMatch(new RegExp(`^ +${workers} +\\d+\\.\\d s +█\\S* +\\$0\\.\\d+ +\\S+ +◀ knee$`, 'm'));
  expect(stdout).toContain(`An event that names no numWorkers gets ${workers},`);
});

test('counts past jobs of the same quality, for each size of memory; a person who asks gets all numbers', async () => {
  const storage = scratch();
  const where = {storage: directoryStorage({root: storage})};
  const jobs = [
    pastJob({jobId: 'a', memoryMb: 3008, perFrame: 0.5}),
    pastJob({jobId: 'b', memoryMb: 2048, perFrame: 2}),
  ];
  const best = {...pastJob({jobId: 'c', memoryMb: 3008, perFrame: 9}), request: {quality: 'best'}};
  for (const job of [...jobs, best]) await putJson(runKey(job.jobId, 1, 'trace'), job, where);
  await putJson(runKey('d', 1, 'trace'), {of: 'another version'}, where);
  const {stdout} = await cliHere([
    ...['estimate', '--frames', '1000', '--storage', storage, '--json'],
    ...['--memory', '2048,3008,1024', '--workers', '10'],
  ]);
  const {curves} = JSON.parse(stdout);
  expect(curves.map(({memoryMb, past}: (typeof curves)[0]) => [memoryMb, past])).toEqual([
    [1024, {jobs: 2, chunks: 16}],
    [2048, {jobs: 1, chunks: 8}],
    [3008, {jobs: 1, chunks: 8}],
  ]);
  const ten = curves[2].points.find(({workers}: {workers: number}) => workers === 10);
  // Four segments of 30 frames of half a second, and what else it takes.
  expect(ten.wall).toBeGreaterThan(60);
  expect(ten.wall).toBeLessThan(90);
});

test.each([
  [
    ['--memory', '1769,lots'],
    'BadSetting: --memory is "1769,lots"; it must be whole numbers from 128 to 10240',
  ],
  [['--workers', '0'], 'BadSetting: --workers is "0"; it must be whole numbers from 1 to 1000'],
  [['--architecture', 'riscv'], 'BadSetting: --architecture is "riscv"; it must be x86_64 or arm64.'],
  [['--quality', 'good'], 'BadEvent: '],
  [['--frames', '0'], 'BadSetting: --frames is "0"; it must be a whole number from 1 to 10000000.'],
  [['--frames', '10,20'], 'BadSetting: --frames is "10,20"; it must be a whole number from 1 to 10000000.'],
  [['--frames', ''], 'BadSetting: --frames is ""; it must be a whole number from 1 to 10000000.'],
])('refuses %j', async (args, message) => {
  const {code, stdout, stderr} = await cliHere(['estimate', '--frames', '10', ...args]);
  expect({code, stdout}).toEqual({code: 2, stdout: ''});
  expect(stderr.startsWith(message)).toBe(true);
});
