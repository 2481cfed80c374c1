import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {removeOwnCopy} from '../../../image/own-copy.ts';
import {scratch} from '../../support/processes.ts';

it('takes this package out of what a project in an image installs, and nothing else', () => {
  const folder = scratch();
  const path = (name: string) => join(folder, name);
  const read = (name: string) => JSON.parse(readFileSync(path(name), 'utf8'));
  const manifest = {devDependencies: {'revideo-lambda': 'file:../r.tgz', vite: '1.0.0'}};
  const packages = {
    '': manifest,
    'node_modules/revideo-lambda': {version: '0.1.0'},
    'node_modules/revideo-lambda/node_modules/zod': {version: '4.0.0'},
    'node_modules/revideo-lambda-theme': {version: '1.0.0'},
    'node_modules/vite': {version: '1.0.0'},
  };
  writeFileSync(path('package.json'), JSON.stringify(manifest));
  writeFileSync(path('package-lock.json'), JSON.stringify({lockfileVersion: 3, packages}));
  removeOwnCopy(folder);
  expect(read('package.json')).toEqual({devDependencies: {vite: '1.0.0'}});
  expect(Object.keys(read('package-lock.json').packages)).toEqual([
    '',
    'node_modules/revideo-lambda-theme',
    'node_modules/vite',
  ]);
  expect(read('package-lock.json').packages[''].devDependencies).toEqual({vite: '1.0.0'});
});

it('leaves other manifests as they are, also broken ones', () => {
  const folder = scratch();
  writeFileSync(join(folder, 'package.json'), '{"name":  "film"}');
  writeFileSync(join(folder, 'package-lock.json'), '{broken');
  removeOwnCopy(folder);
  expect(readFileSync(join(folder, 'package.json'), 'utf8')).toBe('{"name":  "film"}');
  expect(readFileSync(join(folder, 'package-lock.json'), 'utf8')).toBe('{broken');
});
