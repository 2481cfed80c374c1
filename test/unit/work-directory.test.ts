import {existsSync, readdirSync} from 'node:fs';
import {mkdir, stat, writeFile} from 'node:fs/promises';
import {basename, dirname, join} from 'node:path';
import {beforeEach, expect, test} from 'vitest';
import {withWorkDirectory} from '../../src/base/work-directory.ts';
import {ownTemporaryDirectory} from '../support/processes.ts';

let temporary = '';
beforeEach(() => {
  temporary = ownTemporaryDirectory();
});

/** Leaves what ffmpeg and a browser would: files in folders in folders. */
async function fill(directory: string): Promise<string> {
  await mkdir(join(directory, 'a', 'b'), {recursive: true});
  await writeFile(join(directory, 'a', 'b', 'chunk-0.h264'), 'frames');
  return directory;
}

test('gives a new, empty directory below the temporary one, and what the work returns', async () => {
  const answer = await withWorkDirectory(async (directory) => {
    expect((await stat(directory)).isDirectory()).toBe(true);
    expect(readdirSync(directory)).toEqual([]);
    expect(dirname(directory)).toBe(temporary);
    expect(basename(directory)).toMatch(/^revideo-lambda-/);
    return 42;
  });
  expect(answer).toBe(42);
});

test('is gone with all that is in it after the work', async () => {
  const directory = await withWorkDirectory(fill);
  expect(existsSync(directory)).toBe(false);
  expect(readdirSync(temporary)).toEqual([]);
});

test('is gone after a failure, which is thrown as it is', async () => {
  const failure = new Error('no');
  const work = withWorkDirectory(async (directory) => {
    await fill(directory);
    throw failure;
  });
  await expect(work).rejects.toBe(failure);
  expect(readdirSync(temporary)).toEqual([]);
});

test('is gone after work that throws before it waits, and after work that removed it itself', async () => {
  const thrower = (): Promise<never> => {
    throw new Error('at once');
  };
  await expect(withWorkDirectory(thrower)).rejects.toThrow('at once');
  const {rm} = await import('node:fs/promises');
  await withWorkDirectory((directory) => rm(directory, {recursive: true}));
  expect(readdirSync(temporary)).toEqual([]);
});

test('two at a time do not share it', async () => {
  const {promise: both, resolve} = Promise.withResolvers<void>();
  const seen: string[] = [];
  const work = async (directory: string) => {
    if (seen.push(directory) === 2) resolve();
    await both;
    return fill(directory);
  };
  const [one, two] = await Promise.all([withWorkDirectory(work), withWorkDirectory(work)]);
  expect(one).not.toBe(two);
  expect(readdirSync(temporary)).toEqual([]);
});
