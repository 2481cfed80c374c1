import {json} from 'node:stream/consumers';
import {describe, expect, it} from 'vitest';
import {RenderError} from '../../../src/base/errors.ts';
import {pastTraces} from '../../../src/cost/past-traces.ts';
import {cancelJob} from '../../../src/job/cancel-job.ts';
import {reportFrames} from '../../../src/job/chunks/frames-drawn.ts';
import {jobCost} from '../../../src/job/job-cost.ts';
import {jobStatus} from '../../../src/job/job-status.ts';
import {listJobs} from '../../../src/job/list-jobs.ts';
import {noteRefusal} from '../../../src/job/refusal.ts';
import {progressKey, refusalKey, runKey, sha256Hex} from '../../../src/model/keys.ts';
import {tellOnce} from '../../../src/observers/tell/once.ts';
import {keepWebhook, readWebhook} from '../../../src/observers/webhook/kept.ts';
import {listAll} from '../../../src/storage/list-all.ts';
import {SCHEMA} from '../../../src/storage/record.ts';
import {drawn, send, storage, watched} from '../../support/jobs.ts';
import {changeIndex, readIndex} from '../../support/packs.ts';

const {signal} = new AbortController();
const status = (invocation?: string) =>
  jobStatus({jobType: 'status', jobId: 'film', invocation}, {storage}, signal);
const read = async (key: string) => (await json(await storage.get(key))) as Record<string, unknown>;
const write = (key: string, value: unknown) => storage.put(key, JSON.stringify(value));
const change = async (key: string, how: (value: Record<string, unknown>) => unknown) =>
  write(key, how(await read(key)));

it('every record of a job and of a chunk says which form it has', async () => {
  const broken = watched(() => {
    throw new RenderError('SceneFailed', 'no');
  });
  await expect(send({}, {renderer: broken})).rejects.toThrow('no');
  await send({jobId: 'film', output: {key: 'chosen.mp4'}});
  await noteRefusal({storage, jobId: 'film', invocation: 'i-1'}, new RenderError('BadEvent', 'no'));
  await keepWebhook({storage, jobId: 'film', run: 1, signal}, {url: 'https://example.com'});
  await tellOnce({storage, jobId: 'film', message: 'm', signal}, async () => true);
  const over = new AbortController();
  const chunk = {start: 0, end: 7, run: 1};
  const telling = reportFrames(
    {jobId: 'film', every: 1, storage, signal: over.signal},
    {chunk, drawn: () => 3},
  );
  while (!(await storage.head(runKey('film', 1, 'drawn-0-7')))) await new Promise(setImmediate);
  over.abort();
  await telling;
  const keys = [...(await listAll('jobs/', {storage})), ...(await listAll('chunks/', {storage}))]
    .map(({key}) => key)
    .filter((key) => key.endsWith('.json'));
  const kinds = new Set(keys.map((key) => key.replace(/.*\//, '').replace(/[\d-]*\.json$/, '')));
  expect([...kinds].toSorted()).toEqual([
    'beat',
    'claim',
    'drawn',
    'failed',
    'i',
    'm',
    'outcome',
    'progress',
    'stop',
    'storing',
    'trace',
    'webhook',
  ]);
  for (const key of keys) expect(await read(key), key).toMatchObject({schema: SCHEMA});
  for (const {key} of await listAll('chunks/', {storage}))
    expect(await readIndex(storage, key), key).toMatchObject({schema: SCHEMA});
});

describe('a record of a later version is refused, and the error says what to do', () => {
  const later = (value: Record<string, unknown>) => ({...value, schema: SCHEMA + 1});
  const refused = (key: string, instead: string) => ({
    name: 'StorageGarbled',
    message: expect.stringMatching(
      new RegExp(
        `"${key}" in .* by a later version of revideo-lambda: its schema is ${SCHEMA + 1}.*${instead}`,
      ),
    ),
  });

  it.each(['claim', 'outcome'] as const)('a %s', async (record) => {
    await send();
    const key = runKey('film', 1, record);
    await change(key, later);
    const error = refused(key, 'use another jobId');
    await expect(send()).rejects.toMatchObject(error);
    await expect(status()).rejects.toMatchObject(error);
    await expect(cancelJob({jobType: 'cancel', jobId: 'film'}, {storage}, signal)).rejects.toMatchObject(
      error,
    );
    const {jobs} = await listJobs({storage, most: 1}, signal);
    expect(jobs).toMatchObject([{state: 'unreadable', error: expect.stringContaining('a later version')}]);
  });

  it('progress, a trace, a refusal, a kept webhook', async () => {
    await send();
    await noteRefusal({storage, jobId: 'film', invocation: 'i-1'}, new RenderError('BadEvent', 'no'));
    const place = {storage, jobId: 'film', run: 1, signal};
    await keepWebhook(place, {url: 'https://example.com', secret: 'a secret of sixteen'});
    expect(await readWebhook(place)).toEqual({url: 'https://example.com', secret: 'a secret of sixteen'});
    expect(await status('i-1')).toMatchObject({error: {errorType: 'BadEvent', errorMessage: 'no'}});
    const [trace, refusal] = [runKey('film', 1, 'trace'), refusalKey('film', 'i-1')];
    const [progress, webhook] = [progressKey('film'), runKey('film', 1, 'webhook')];
    for (const key of [trace, refusal, progress, webhook]) await change(key, later);
    await expect(jobCost(place)).rejects.toMatchObject(refused(trace, 'use another jobId'));
    await expect(status('i-1')).rejects.toMatchObject(refused(refusal, 'use another jobId'));
    await expect(readWebhook(place)).rejects.toMatchObject(refused(webhook, 'use another jobId'));
    const {jobs} = await listJobs({storage, most: 1}, signal);
    expect(jobs).toMatchObject([{state: 'unreadable', error: expect.stringContaining(progress)}]);
    // An estimate can do without.
    expect(await pastTraces(storage, signal)).toEqual([]);
  });

  it('a chunk, which is not drawn over', async () => {
    await send();
    const key = (await listAll('chunks/', {storage}))[0]?.key ?? '';
    await changeIndex(storage, {key, change: (index) => ({...index, schema: SCHEMA + 1})});
    await expect(send({jobId: 'other'})).rejects.toMatchObject(
      refused(key, 'delete everything under "chunks/'),
    );
    expect(await readIndex(storage, key)).toMatchObject({schema: SCHEMA + 1});
  });

  it.each(['2', 0, 1.5, null])('a schema that is %j is no record', async (schema) => {
    await send();
    await change(runKey('film', 1, 'claim'), (claim) => ({...claim, schema}));
    await expect(status()).rejects.toThrow('is not a record of this version');
  });
});

describe('a record of the version before, whose hashes depend on the order of keys', () => {
  const variables = {b: {d: 1, c: 2}, a: 'x'};
  const turned = {a: 'x', b: {c: 2, d: 1}};
  /** Has a job's claim as that version wrote it. */
  const age = (jobId: string, more: object = {}) =>
    change(runKey(jobId, 1, 'claim'), ({schema: _, identity, ...claim}) => {
      const old = (value: unknown) => sha256Hex(JSON.stringify(value)).slice(0, 16);
      const hashes = {variables: old(variables), 'variables.a': old('x'), 'variables.b': old(variables.b)};
      return {...claim, identity: {...(identity as object), ...hashes}, ...more};
    });

  it('is read, whatever the order is now', async () => {
    const film = await send({variables});
    await age('film');
    expect(await send({variables})).toEqual(film);
    expect(await send({variables: turned})).toEqual(film);
    await expect(send({variables: {...variables, a: 'y'}})).rejects.toThrow(
      'belongs to another request, which differs in variables.a (another one now). Use another jobId.',
    );
    expect(drawn).toHaveLength(3);
  });

  it('is known to be old where it cannot be compared, which is no conflict of the user', async () => {
    await send({variables});
    await age('film', {request: {variablesStored: true}});
    const old = (what: string) => ({
      name: 'JobConflict',
      message: expect.stringContaining(
        `by an earlier version of revideo-lambda, which writes down the ${what}`,
      ),
    });
    await expect(send({variables: turned})).rejects.toMatchObject(old('variables'));
    await age('film', {request: {variables}});
    const renderer = {...watched(), fingerprint: async () => 'as a later version names it'};
    await expect(send({variables}, {renderer})).rejects.toMatchObject(old('project'));
    await expect(send({variables, numWorkers: 9}, {renderer})).rejects.toThrow('numWorkers (3 then, 9 now)');
  });
});
