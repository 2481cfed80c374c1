import {readdirSync} from 'node:fs';
import {Readable} from 'node:stream';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import type {Check} from '../../../src/apps/check/check.ts';
import {checkFunction} from '../../../src/apps/check/check-function.ts';
import {createHandler} from '../../../src/apps/handler/handler.ts';
import {type ErrorName, RenderError} from '../../../src/base/errors.ts';
import type {Engine} from '../../../src/engines/engine.ts';
import type {JobPolicy} from '../../../src/job/policy.ts';
import type {JobPorts} from '../../../src/job/ports.ts';
import {ffmpegMedia} from '../../../src/media/media.ts';
import {directoryStorage} from '../../../src/storage/directory/directory.ts';
import {listAll} from '../../../src/storage/list-all.ts';
import type {Storage} from '../../../src/storage/storage.ts';
import {ownTemporaryDirectory, scratch} from '../../support/processes.ts';
import {inProcess, testPicture} from '../../support/test-picture.ts';

let temporary = '';
let storage: Storage;
beforeEach(() => {
  temporary = ownTemporaryDirectory();
  storage = directoryStorage({root: scratch()});
});
afterEach(() => expect(readdirSync(temporary)).toEqual([]));

const {signal} = new AbortController();
const refuse = (name: ErrorName) => () => Promise.reject(new RenderError(name, 'not here'));
const refuseToList = (name: ErrorName): Storage['list'] =>
  async function* () {
    yield await refuse(name)();
  };

/** A function's report about itself, by name; `mine` sets its tools. */
async function check(mine: Partial<JobPorts & JobPolicy> = {}, machine = {memoryMb: 3_008, seconds: 900}) {
  const tools = {renderer: testPicture(), storage, media: ffmpegMedia, ...mine};
  const engine = mine.engine ?? inProcess(tools);
  const {checks, version} = await checkFunction({...tools, engine}, {...machine, signal});
  const named = (name: string) => checks.find((one) => one.name === name) as Check;
  return {checks, version, named, wrong: checks.filter(({state}) => state !== 'ok')};
}

/** A storage that does something else below a prefix. */
function storageWith(prefix: string, other: Partial<Storage>): Storage {
  const real: object = storage;
  const changed = Object.entries(other).map(([name, does]) => {
    const method = (keys: string | string[], ...rest: unknown[]) => {
      const isBelow = [keys].flat().every((key) => key.startsWith(prefix));
      return Reflect.apply(isBelow ? (does as () => unknown) : Reflect.get(real, name), real, [
        keys,
        ...rest,
      ]);
    };
    return [name, method];
  });
  return {...storage, ...Object.fromEntries(changed)};
}

describe('a function that has all it needs', () => {
  it('says so of each thing, and leaves nothing', async () => {
    const {checks, wrong, version} = await check();
    expect(wrong).toEqual([]);
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(checks.map(({name}) => name)).toEqual([
      ...['memory', 'time limit', 'temporary disk', 'ffmpeg'],
      ...['renders/', 'chunks/', 'jobs/', 'result address', 'browser, project', 'three frames'],
    ]);
    expect(await listAll('', {storage})).toEqual([]);
  });

  it('draws each time anew, three frames of the film', async () => {
    const drawn: string[] = [];
    const real = testPicture();
    const renderer: (JobPorts & JobPolicy)['renderer'] = {
      ...real,
      render: (order, options) => {
        drawn.push(`${order.start}-${order.end}`);
        return real.render(order, options);
      },
    };
    await check({renderer});
    await check({renderer});
    expect(drawn).toEqual(['0-3', '0-3']);
  });

  it('says so to the event too, with what Lambda tells of the machine', async () => {
    const tools = {renderer: testPicture(), storage};
    const handler = createHandler({...tools, engine: inProcess(tools)});
    const context = {getRemainingTimeInMillis: () => 60_000, memoryLimitInMB: '512'};
    expect(await handler({jobType: 'check'}, context)).toMatchObject({
      checks: expect.arrayContaining([
        expect.objectContaining({name: 'memory', state: 'warning', detail: '512 MB'}),
        expect.objectContaining({name: 'time limit', state: 'warning', detail: '60 s'}),
        expect.objectContaining({name: 'three frames', state: 'ok'}),
      ]),
    });
  });
});

describe('a storage', () => {
  it.each([
    ['put', 's3:PutObject'],
    ['get', 's3:GetObject'],
    ['head', 's3:GetObject'],
    ['list', 's3:ListBucket'],
    ['delete', 's3:DeleteObject'],
  ] as const)(
    'that refuses %s in one folder is told with the right that is missing',
    async (method, right) => {
      const refused =
        method === 'list' ? {list: refuseToList('StorageRefused')} : {[method]: refuse('StorageRefused')};
      const limited = storageWith('jobs/', refused);
      const {named, wrong} = await check({storage: limited});
      expect(named('jobs/')).toMatchObject({
        state: 'failed',
        detail: 'StorageRefused: not here',
        mend: expect.stringContaining(`${right} `),
      });
      expect(wrong.map(({name}) => name)).not.toContain('chunks/');
      if (method !== 'delete') expect(await listAll('', {storage})).toEqual([]);
    },
  );

  it('that overwrites what it is not to overwrite is told', async () => {
    const careless = storageWith('jobs/', {
      put: (key, body, {ifAbsent: _, ...options} = {}) => storage.put(key, body, options),
    });
    const {wrong} = await check({storage: careless});
    expect(wrong).toMatchObject([
      {name: 'jobs/', state: 'failed', detail: expect.stringMatching(/^StorageGarbled: .*If-None-Match/)},
    ]);
  });

  it('that gives other bytes is told', async () => {
    const other = storageWith('chunks/check', {get: async () => Readable.from(['other'])});
    const {wrong} = await check({storage: other});
    expect(wrong).toMatchObject([{name: 'chunks/', state: 'failed'}]);
  });

  it('whose bucket is not there is told in every folder, and nothing is thrown', async () => {
    const gone = refuse('BucketNotFound');
    const list = refuseToList('BucketNotFound');
    const none = {...storage, put: gone, get: gone, head: gone, list, delete: gone};
    const {named} = await check({storage: none});
    for (const name of ['renders/', 'chunks/', 'jobs/', 'result address', 'three frames'])
      expect(named(name)).toMatchObject({state: 'failed', detail: expect.stringMatching(/^BucketNotFound/)});
    expect(named('renders/').mend).toMatch(/REVIDEO_BUCKET_NAME/);
  });
});

describe('what draws', () => {
  it('that finds no browser is told, and no frames are tried', async () => {
    const {named, checks} = await check({renderer: {...testPicture(), plan: refuse('ToolMissing')}});
    expect(named('browser, project')).toMatchObject({state: 'failed', detail: 'ToolMissing: not here'});
    expect(checks.at(-1)?.name).toBe('browser, project');
  });

  it.each([
    ['InvokeRefused', /lambda:InvokeFunction/],
    ['SceneFailed', /log/],
  ] as const)('that fails with %s is told, and nothing is left', async (name, mend) => {
    const engine: Engine = {...inProcess({renderer: testPicture(), storage}), run: refuse(name)};
    expect((await check({engine})).wrong).toMatchObject([
      {name: 'three frames', state: 'failed', detail: `${name}: not here`, mend: expect.stringMatching(mend)},
    ]);
    expect(await listAll('', {storage})).toEqual([]);
  });

  it('elsewhere than where its frames are looked for is told', async () => {
    const renderer = testPicture();
    const elsewhere = directoryStorage({root: scratch()});
    const {wrong} = await check({engine: inProcess({renderer, storage: elsewhere})});
    expect(wrong).toMatchObject([{name: 'three frames', detail: expect.stringContaining('another bucket')}]);
  });

  it('and draws too few frames is told, and its reason is not left', async () => {
    const renderer = testPicture(() => ({drawn: 2, said: 2}));
    const {wrong} = await check({renderer, engine: inProcess({renderer, storage})});
    expect(wrong).toMatchObject([{name: 'three frames', detail: expect.stringMatching(/^ChunkMismatch/)}]);
    expect(await listAll('', {storage})).toEqual([]);
  });
});
