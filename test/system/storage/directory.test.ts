import {execFile} from 'node:child_process';
import {link, mkdir, mkdtemp, readdir, readFile, rename, rm, utimes, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {dirname, join, relative} from 'node:path';
import {Readable} from 'node:stream';
import {promisify} from 'node:util';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {directoryStorage} from '../../../src/storage/directory/directory.ts';
import {listAll} from '../../../src/storage/list-all.ts';
import {storageConformance} from '../../conformance/storage.ts';

let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'storage-'));
});
afterAll(async () => {
  await rm(scratch, {recursive: true, force: true});
});

storageConformance('directoryStorage', () => directoryStorage({root: join(scratch, 'conformance')}), {
  conditionalWrites: true,
});

describe('directoryStorage', () => {
  it('shows its absolute root, or the name it is given', () => {
    expect(directoryStorage({root: 'out'}).bucket).toBe(join(process.cwd(), 'out'));
    expect(directoryStorage({root: 'out', bucket: 'films'}).bucket).toBe('films');
  });

  it('makes its root at the first write, and is empty until then', async () => {
    const root = join(scratch, 'not', 'there');
    const storage = directoryStorage({root});
    expect(await listAll('', {storage})).toEqual([]);
    expect(await storage.head('a.mp4')).toBeUndefined();
    await storage.delete(['a.mp4']);
    await storage.put('a.mp4', 'a');
    expect(await listAll('', {storage})).toEqual([{key: 'a.mp4', bytes: 1, modified: expect.any(Date)}]);
  });

  it('takes empty folders away with the last key in them', async () => {
    const root = join(scratch, 'prune');
    const storage = directoryStorage({root});
    await storage.put('chunks/a/0-9.mp4', 'a');
    await storage.put('chunks/b/0-9.mp4', 'b');
    await storage.delete(['chunks/a/0-9.mp4']);
    expect(await readdir(join(root, 'chunks'))).toEqual(['b']);
    await storage.delete(['chunks/b/0-9.mp4']);
    expect(await readdir(root)).toEqual(['.tmp']);
  });

  it('writes into folders that are taken away at the same time', async () => {
    const storage = directoryStorage({root: join(scratch, 'busy')});
    const comeAndGo = async (name: string) => {
      for (let n = 0; n < 100; n++) {
        await storage.put(`some/deep/folder/${name}.mp4`, name, {ifAbsent: n % 2 === 0});
        await storage.delete([`some/deep/folder/${name}.mp4`]);
      }
    };
    await Promise.all(['a', 'b', 'c', 'd'].map(comeAndGo));
    expect(await listAll('', {storage})).toEqual([]);
  });

  it('leaves no temporary file behind, whatever became of the write', async () => {
    const root = join(scratch, 'temporary');
    const storage = directoryStorage({root});
    const failing = Readable.from(
      (async function* () {
        yield 'half';
        throw new Error('no more');
      })(),
    );
    await storage.put('a.mp4', 'a', {ifAbsent: true});
    await expect(storage.put('a.mp4', 'b', {ifAbsent: true})).rejects.toMatchObject({
      name: 'StorageConflict',
    });
    await expect(storage.put('b.mp4', failing)).rejects.toThrow('no more');
    await expect(storage.put('c.mp4', 'c', {signal: AbortSignal.abort()})).rejects.toThrow('aborted');
    await expect(storage.put('a.mp4/below', 'd')).rejects.toMatchObject({name: 'StorageRefused'});
    expect(await readdir(join(root, '.tmp'))).toEqual([]);
    expect((await readdir(root)).sort()).toEqual(['.tmp', 'a.mp4']);
  });

  it('removes what is older than it has to be, at its first write, and nothing that is not its own', async () => {
    const root = join(scratch, 'ages');
    const put = async (key: string, days: number) => {
      const path = join(root, key);
      await mkdir(dirname(path), {recursive: true});
      await writeFile(path, key);
      const then = Date.now() / 1000 - days * 24 * 3600;
      await utimes(path, then, then);
    };
    const [one, two] = ['a'.repeat(32), 'b'.repeat(32)];
    const temporary = '01234567-89ab-cdef-0123-456789abcdef';
    const young = {
      [`chunks/${one}/0-9.json`]: 0.9,
      'jobs/film/runs/0001/claim.json': 29,
      [`.tmp/${temporary}`]: 0.9,
      [`.tmp/records/${two}/12-34.next`]: 30,
    };
    const others = {
      'renders/film.mp4': 4000,
      'jobs/cv/letter.txt': 4000,
      'jobs/cv/runs/0001/letter.txt': 4000,
      'chunks/of/chocolate.json': 4000,
      '.tmp/mine': 4000,
    };
    const old = {
      [`chunks/${one}/9-18.json`]: 1.1,
      [`chunks/${two}/0-9-${'0'.repeat(16)}.h264`]: 1.1,
      'jobs/old/runs/0012/outcome.json': 31,
      'jobs/old/variables.json': 31,
      [`.tmp/${temporary.replace('0', '1')}`]: 1.1,
      [`.tmp/records/${one}/12-34.next`]: 32,
    };
    for (const [key, days] of Object.entries({...young, ...others, ...old})) await put(key, days);
    await directoryStorage({root}).put('renders/new.mp4', 'film');
    const left = (await readdir(root, {recursive: true, withFileTypes: true}))
      .filter((entry) => entry.isFile())
      .map((entry) => relative(root, join(entry.parentPath, entry.name)));
    expect(left.toSorted()).toEqual(
      [...Object.keys(young), ...Object.keys(others), 'renders/new.mp4'].toSorted(),
    );
    expect(await readdir(join(root, 'chunks'))).toEqual([one, 'of']);
    expect(await readdir(join(root, 'jobs'))).toEqual(['cv', 'film']);
  });

  it('does not show writes under way', async () => {
    const storage = directoryStorage({root: join(scratch, 'hidden')});
    let seen: unknown;
    const body = async function* () {
      yield 'half';
      seen = await listAll('', {storage});
      yield 'whole';
    };
    await storage.put('a.mp4', Readable.from(body()));
    expect(seen).toEqual([]);
  });

  it('has the newest record also where its writer has died, or puts an older one back', async () => {
    const root = join(scratch, 'records');
    const storage = directoryStorage({root});
    const {records} = storage;
    const file = join(root, 'lease.json');
    const first = await records?.replace('lease.json', '1', {version: undefined});
    await link(file, join(root, 'older'));
    const second = await records?.replace('lease.json', '2', {version: first});
    await rename(join(root, 'older'), file);
    expect(await readFile(file, 'utf8')).toBe('1');
    expect(await records?.read('lease.json')).toEqual({text: '2', version: second});
    await expect(records?.replace('lease.json', 'late', {version: first})).rejects.toMatchObject({
      name: 'StorageConflict',
    });
    await records?.replace('lease.json', '3', {version: second});
    expect(await readFile(file, 'utf8')).toBe('3');
  });

  it.each([
    '',
    '/',
    '/etc/passwd',
    '..',
    '../a',
    'a/../../b',
    'a/..',
    './a',
    'a//b',
    'a/',
    'a\\..\\b',
    'a\0b',
    '.tmp/a',
  ])('refuses the key %j', async (key) => {
    const storage = directoryStorage({root: join(scratch, 'inside')});
    const refusal = {name: 'Internal', message: expect.stringContaining(JSON.stringify(key))};
    await expect(storage.put(key, 'x')).rejects.toMatchObject(refusal);
    await expect(storage.get(key)).rejects.toMatchObject(refusal);
    await expect(storage.head(key)).rejects.toMatchObject(refusal);
    await expect(storage.delete([key])).rejects.toMatchObject(refusal);
    await expect(storage.url(key)).rejects.toMatchObject(refusal);
    await expect(readdir(join(scratch, 'inside'))).rejects.toThrow('ENOENT');
  });

  it('lists nothing outside its root', async () => {
    const storage = directoryStorage({root: join(scratch, 'inside')});
    await writeFile(join(scratch, 'outside.mp4'), 'x');
    await expect(listAll('../', {storage})).rejects.toMatchObject({name: 'Internal'});
    expect(await listAll('..', {storage})).toEqual([]);
  });

  it('says what it may not do', async () => {
    const storage = directoryStorage({root: join(scratch, 'refused')});
    const refusal = {name: 'StorageRefused', retryable: false};
    await storage.put('a.mp4', 'a');
    await expect(storage.put('a.mp4/b.mp4', 'b')).rejects.toMatchObject(refusal);
    await expect(storage.put('n'.repeat(300), 'c')).rejects.toMatchObject(refusal);
    // Not even root may make folders here: EPERM, EACCES or EROFS, as the system likes.
    const system = directoryStorage({root: '/sys/films'});
    await expect(system.put('a.mp4', 'a')).rejects.toMatchObject(refusal);
    await expect(system.put('a.mp4', 'a')).rejects.toThrow('Cannot write /sys/films/a.mp4');
  });

  it('calls a shortage something another try may cure, and leaves nothing', async () => {
    const root = join(scratch, 'shortage');
    const source = new URL('../../../src/storage/directory/directory.ts', import.meta.url).href;
    const program = `
      import {directoryStorage} from ${JSON.stringify(source)};
      const storage = directoryStorage({root: ${JSON.stringify(root)}});
      const keys = Array.from({length: 400}, (_, n) => 'films/' + n);
      const {Readable} = await import('node:stream');
      const body = async function* () { await new Promise((done) => setTimeout(done, 50)); yield 'x'; };
      const done = await Promise.allSettled(keys.map((key) => storage.put(key, Readable.from(body()))));
      const failed = done.filter(({status}) => status === 'rejected');
      const listed = await Array.fromAsync(storage.list('films/'));
      console.log(JSON.stringify({
        names: [...new Set(failed.map(({reason}) => reason.name))],
        complete: failed.length + listed.length === keys.length,
      }));
    `;
    // 64 open files are enough for node itself, and too few for 400 writes at once.
    const shell = 'ulimit -n 64; exec "$0" --input-type=module -e "$1"';
    const {stdout} = await promisify(execFile)('sh', ['-c', shell, process.execPath, program]);
    expect(JSON.parse(stdout)).toEqual({names: ['StorageUnavailable'], complete: true});
    expect(await readdir(join(root, '.tmp'))).toEqual([]);
  });
});
