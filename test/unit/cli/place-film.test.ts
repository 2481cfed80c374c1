import {mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {expect, test} from 'vitest';
import {placeFilm, refuseUnwritable} from '../../../src/apps/cli/place-film.ts';
import type {FullResult} from '../../../src/model/result.ts';
import {scratch} from '../../support/processes.ts';

test('a film that is put elsewhere takes along what was asked for, and names nothing that is no longer told', async () => {
  const [storage, folder] = [scratch(), scratch()];
  const keys = {
    key: 'renders/X.mp4',
    poster: {key: 'renders/X.poster.jpg', url: 'file:///old'},
    thumbnails: {key: 'renders/X.thumbnails.jpg', url: 'file:///old', count: 2, width: 8, height: 8},
    ...{hashesKey: 'jobs/X/frame-hashes.json', reportKey: 'jobs/X/report.html'},
  };
  for (const at of ['renders', 'jobs/X']) mkdirSync(join(storage, at), {recursive: true});
  const {key, poster, thumbnails, hashesKey, reportKey} = keys;
  for (const name of [key, poster.key, thumbnails.key, hashesKey, reportKey])
    writeFileSync(join(storage, name), name);

  const out = join(folder, 'my film.mp4');
  const placed = await placeFilm({jobId: 'X', bucket: storage, ...keys} as FullResult, {storage, out});
  const url = (name: string) => pathToFileURL(join(folder, name)).href;
  expect(placed).toEqual({
    ...{jobId: 'X', bucket: folder, key: 'my film.mp4', resultUrl: url('my film.mp4')},
    poster: {key: 'my film.poster.jpg', url: url('my film.poster.jpg')},
    thumbnails: {
      ...thumbnails,
      ...{key: 'my film.thumbnails.jpg', url: url('my film.thumbnails.jpg')},
    },
    hashesKey: 'my film.frame-hashes.json',
  });
  const there = Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  );
  expect(there).toEqual({
    'my film.mp4': key,
    'my film.poster.jpg': poster.key,
    'my film.thumbnails.jpg': thumbnails.key,
    'my film.frame-hashes.json': hashesKey,
  });
  expect(readFileSync(join(storage, reportKey), 'utf8')).toBe(reportKey);
});

test.each(['film.mov', 'FILM.WEBM', 'out/film.mp4.gif'])('a film is not put into %s', async (name) => {
  const folder = scratch();
  await expect(refuseUnwritable(join(folder, name))).rejects.toMatchObject({
    name: 'BadSetting',
    message: expect.stringMatching(
      /^--out is .*; films are MP4 files, so the name must end in \.mp4, not in \.\w+\.$/,
    ),
  });
  expect(readdirSync(folder)).toEqual([]);
});

test.each(['film.mp4', 'FILM.MP4', 'film', 'film v1.2'])('a film may be put into %s', async (name) => {
  await refuseUnwritable(join(scratch(), name));
});
