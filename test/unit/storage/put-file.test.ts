import {mkdirSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {expect, onTestFinished, test} from 'vitest';
import {directoryStorage} from '../../../src/storage/directory/directory.ts';
import {listAll} from '../../../src/storage/list-all.ts';
import {putFile} from '../../../src/storage/put-file.ts';
import type {Storage} from '../../../src/storage/storage.ts';
import {scratch} from '../../support/processes.ts';

test('a storage that refuses at once leaves no stream whose error ends the process', async () => {
  const folder = join(scratch(), 'work');
  const path = join(folder, 'chunk.h264');
  const refusal = new Error('there is no such bucket');
  const storage: Storage = {
    ...directoryStorage({root: scratch()}),
    put: async () => {
      // As a work directory is removed once the work has failed.
      rmSync(folder, {recursive: true});
      throw refusal;
    },
  };
  const uncaught: unknown[] = [];
  const note = (error: unknown) => uncaught.push(error);
  const others = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException').on('uncaughtException', note);
  onTestFinished(() => {
    process.removeAllListeners('uncaughtException');
    for (const other of others) process.on('uncaughtException', other);
  });
  for (let round = 0; round < 20; round++) {
    mkdirSync(folder);
    writeFileSync(path, 'frames');
    await expect(putFile(path, {storage, key: 'chunks/one.h264'})).rejects.toBe(refusal);
  }
  await sleep(100);
  expect(uncaught).toEqual([]);
});

test('a file that is not there is the error of who puts it', async () => {
  const storage = directoryStorage({root: scratch()});
  const putting = putFile(join(scratch(), 'none'), {storage, key: 'renders/a.mp4'});
  await expect(putting).rejects.toMatchObject({code: 'ENOENT'});
  expect(await listAll('', {storage})).toEqual([]);
});
