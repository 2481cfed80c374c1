import {existsSync, mkdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {bringIn, buildArguments, projectArguments} from '../../image/project.ts';
import {scratch} from '../support/processes.ts';

/** A project with things in it that have no place in an image. */
function makeProject(folder: string): string {
  for (const name of ['src', 'public/out', 'node_modules/vite', '.git', 'out'])
    mkdirSync(join(folder, name), {recursive: true});
  for (const name of ['src/project.tsx', 'public/out/a.png', 'node_modules/vite/index.js', 'out/film.mp4'])
    writeFileSync(join(folder, name), '');
  return folder;
}

it('a project of the repository stays where it is', async () => {
  const root = scratch();
  expect(await bringIn(makeProject(join(root, 'films/one')), {root})).toBe('films/one');
  expect(existsSync(join(root, '.project'))).toBe(false);
});

it('one of another place is copied in, less what is made or installed; what was there before is gone', async () => {
  const root = scratch();
  mkdirSync(join(root, '.project'));
  writeFileSync(join(root, '.project/old.tsx'), '');
  expect(await bringIn(makeProject(join(scratch(), 'mine')), {root})).toBe('.project');
  const isThere = (name: string) => existsSync(join(root, '.project', name));
  expect(['src/project.tsx', 'public/out/a.png'].filter(isThere)).toHaveLength(2);
  expect(['old.tsx', 'node_modules', '.git', 'out'].filter(isThere)).toEqual([]);
});

it('a project file is named as such where its folder does not say which it is', async () => {
  const root = scratch();
  const folder = join(root, 'films');
  mkdirSync(join(folder, 'templates'), {recursive: true});
  writeFileSync(join(folder, 'package.json'), '{}');
  const source = 'export default makeProject({scenes: []});';
  for (const name of ['one.ts', 'two.ts']) writeFileSync(join(folder, 'templates', name), source);
  const named = await bringIn(join(folder, 'templates/one.ts'), {root});
  expect(named).toBe('films/templates/one.ts');
  expect(projectArguments(named, {root})).toEqual({PROJECT: 'films', PROJECT_FILE: 'templates/one.ts'});
  expect(projectArguments('films', {root})).toEqual({PROJECT: 'films'});
});

it('one of another place is its copy in the image, also without a package.json', async () => {
  const root = scratch();
  writeFileSync(join(root, 'package.json'), '{}');
  const folder = join(scratch(), 'mine');
  mkdirSync(folder);
  for (const name of ['one.ts', 'two.ts'])
    writeFileSync(join(folder, name), 'export default makeProject({scenes: []});');
  const named = await bringIn(join(folder, 'two.ts'), {root});
  expect(named).toBe('.project/two.ts');
  expect(projectArguments(named, {root})).toEqual({PROJECT: '.project', PROJECT_FILE: 'two.ts'});
});

it('everything that builds the image gives Dockerfile what it asks for', () => {
  const text = readFileSync(new URL('../../Dockerfile', import.meta.url), 'utf8');
  const asked = [...text.matchAll(/^ARG (\w+)/gm)].map(([, name]) => name);
  const given = {...buildArguments('films/one.ts', {root: scratch()}), ...projectArguments('films')};
  expect(Object.keys(given).toSorted()).toEqual([...new Set(asked)].toSorted());
});

it('a folder without a project is refused', async () => {
  await expect(bringIn(scratch())).rejects.toMatchObject({name: 'ProjectNotFound'});
});

it('a project in a folder that no image sees is copied, with its links as they are', async () => {
  const root = scratch();
  const folder = makeProject(join(root, 'test/films/one'));
  symlinkSync('../src/project.tsx', join(folder, 'public/link'));
  expect(await bringIn(folder, {root})).toBe('.project');
  expect(readlinkSync(join(root, '.project/public/link'))).toBe('../src/project.tsx');
  expect(await bringIn(makeProject(join(root, 'my films')), {root})).toBe('.project');
});

it('a folder that holds the repository is refused', async () => {
  const root = join(makeProject(scratch()), 'repository');
  const refused = {name: 'BadSetting', message: expect.stringContaining('holds this repository')};
  await expect(bringIn(makeProject(root), {root})).rejects.toMatchObject(refused);
  await expect(bringIn(join(root, '..'), {root})).rejects.toMatchObject(refused);
});
