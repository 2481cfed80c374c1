import {json} from 'node:stream/consumers';
import {describe, expect, it} from 'vitest';
import {RenderError} from '../../../src/base/errors.ts';
import {cancelJob} from '../../../src/job/cancel-job.ts';
import type {PackIndex} from '../../../src/job/chunks/pack.ts';
import {runKey} from '../../../src/model/keys.ts';
import {listAll} from '../../../src/storage/list-all.ts';
import {drawn, film, filmKeys, send, storage, watched} from '../../support/jobs.ts';
import {changeIndex} from '../../support/packs.ts';
import {FRAMES, inProcess} from '../../support/test-picture.ts';

describe('the same jobId again', () => {
  it('gives the same result, and draws nothing', async () => {
    const first = await send();
    expect(drawn).toHaveLength(3);
    const again = await send();
    expect(again).toEqual(first);
    expect(drawn).toHaveLength(3);
  });

  it('with another request is refused; the difference is named, and no value of a variable is told', async () => {
    await send({variables: {message: 'a secret', kept: 1}});
    const other = {variables: {message: 'another secret', kept: 1}, numWorkers: 4, quality: 'best'} as const;
    const refusal = await send(other).catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      name: 'JobConflict',
      retryable: false,
      message:
        'jobId film belongs to another request, which differs in numWorkers (3 then, 4 now), quality (cheapest then, best now), variables.message (another one now). Use another jobId.',
    });
    const renderer = {...watched(), fingerprint: async () => 'another project'};
    await expect(send({variables: {message: 'a secret', kept: 1}}, {renderer})).rejects.toThrow(
      'differs in project (another one now)',
    );
    // The run's record holds its request, so that the job can continue; and the report shows it.
    const isNoTrace = ({key}: {key: string}) => !/\/(claim\.json|trace\.json|report\.html)$/.test(key);
    const records = await Promise.all(
      (await listAll('jobs/', {storage}))
        .filter(isNoTrace)
        .map(async ({key}) => JSON.stringify(await json(await storage.get(key)))),
    );
    expect(records.join()).not.toContain('secret');
  });

  it('at the same moment: one renders, both have the film', async () => {
    const [one, two] = await Promise.all([send(), send()]);
    expect(two).toEqual(one);
    expect(drawn.toSorted()).toEqual([...new Set(drawn)].toSorted());
    expect(await film()).toBe(FRAMES);
  });

  it('after a failure may ask for something else, and finds the chunks that are the same', async () => {
    const broken = watched((file) => {
      throw new RenderError('SceneFailed', `no ${file.frames}`);
    });
    await expect(send({}, {renderer: broken})).rejects.toMatchObject({name: 'SceneFailed'});
    expect(await filmKeys()).toEqual([]);
    expect(await send({numWorkers: 2})).toMatchObject({workers: 2, chunks: {rendered: 2}});
  });

  it('renders again what somebody has deleted, from the chunks that are there', async () => {
    await send();
    await storage.delete(['renders/film.mp4']);
    expect(await send()).toMatchObject({state: 'finished', chunks: {rendered: 0, reused: 3}});
    expect(await film()).toBe(FRAMES);
  });

  it('fails as the run failed that it waited for', async () => {
    const renderer = watched(() => {
      throw new RenderError('SceneFailed', 'the paint ran out');
    });
    const outcomes = await Promise.allSettled([send({}, {renderer}), send({}, {renderer})]);
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({
        reason: {name: 'SceneFailed', message: expect.stringContaining('paint')},
      });
    expect(new Set(drawn).size).toBe(drawn.length);
  });
});

const changeFirst =
  (change: object) =>
  ({segments: [first, ...others], ...index}: PackIndex) => ({
    ...index,
    segments: [{...first, ...change}, ...others],
  });

describe('records that make no sense', () => {
  it.each([
    ['claim', '{"owner":"x"}'],
    ['claim', '[]'],
    ['claim', '{bro'],
    ['claim', ''],
    ['outcome', '{bro'],
    ['outcome', '{"owner":5}'],
    ['outcome', '[]'],
  ] as const)('a %s that is %j ends a job and its cancelling, and is named', async (record, text) => {
    const here = inProcess({renderer: watched(), storage});
    const engine = {...here, run: () => Promise.reject(new RenderError('SceneFailed', 'no'))};
    await expect(send({}, {engine})).rejects.toMatchObject({name: 'SceneFailed'});
    const key = runKey('film', 1, record);
    await storage.put(key, text);
    const named = {name: 'StorageGarbled', message: expect.stringContaining(`"${key}"`)};
    await expect(send()).rejects.toMatchObject(named);
    const cancelling = cancelJob({jobType: 'cancel', jobId: 'film'}, {storage}, new AbortController().signal);
    await expect(cancelling).rejects.toMatchObject(named);
  });

  it.each([
    ['another content', (index: PackIndex) => ({...index, content: '0'.repeat(32)})],
    ['another start', (index: PackIndex) => ({...index, start: index.start + 1})],
    ['a length that cannot be', changeFirst({bytes: 9e15})],
    ['no length', changeFirst({bytes: 0})],
    ['another length', changeFirst({bytes: 1})],
    ['no sum', changeFirst({sha256: 'x'})],
    ['another sum', changeFirst({sha256: '0'.repeat(64)})],
    ['other frames', changeFirst({frames: 2})],
    ['a segment less', ({segments, ...index}: PackIndex) => ({...index, segments: segments.slice(1)})],
    ['nothing', () => null],
  ])('a pack whose index has %s is drawn anew', async (_, change) => {
    await send();
    const key = (await listAll('chunks/', {storage}))[0]?.key ?? '';
    await changeIndex(storage, {key, change});
    expect(await send({jobId: 'other'})).toMatchObject({chunks: {rendered: 1, reused: 2}});
  });
});
