import {expect, test} from 'vitest';
import {claimRun, endRun} from '../../../src/job/runs/records.ts';
import {directoryStorage} from '../../../src/storage/directory/directory.ts';
import {cliHere} from '../../support/cli-here.ts';
import {scratch} from '../../support/processes.ts';

test('status tells of a job of this machine, and leaves nothing', async () => {
  const {code, stdout, stderr} = await cliHere(['status', 'X', '--storage', scratch()]);
  expect({code, stderr}).toEqual({code: 0, stderr: ''});
  expect(JSON.parse(stdout)).toEqual({jobId: 'X', state: 'unknown', run: 0, beat: 0});
});

test('status shows nothing of an error that steers a terminal, and stays the same JSON', async () => {
  const root = scratch();
  const place = {storage: directoryStorage({root}), jobId: 'X', signal: new AbortController().signal};
  const errorMessage = 'Frame 1: \u009b2J\u001b[31m\u202egpj.exe\u2066\u200f\u0085';
  await claimRun(place, {number: 1, claim: {owner: 'me', root: 1, handedOver: 0}});
  const error = {errorType: 'SceneFailed', errorMessage};
  await endRun(place, {number: 1, outcome: {state: 'failed', owner: 'me', error}});
  const {stdout} = await cliHere(['status', 'X', '--storage', root]);
  expect(stdout).not.toMatch(/[^\P{Cc}\n]|\p{Bidi_Control}/u);
  expect(JSON.parse(stdout)).toMatchObject({state: 'failed', error});
  const listed = await cliHere(['list', '--storage', root]);
  expect(listed.stdout).toContain('Frame 1:');
  expect(listed.stdout).not.toMatch(/[^\P{Cc}\n]|\p{Bidi_Control}/u);
});

test('status of what is no jobId is a bad event', async () => {
  const {code, stdout, stderr} = await cliHere(['status', '../X', '--storage', scratch()]);
  expect({code, stdout}).toEqual({code: 2, stdout: ''});
  expect(stderr).toMatch(/^BadEvent: .*jobId is "\.\.\/X"/);
});
