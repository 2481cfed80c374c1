import {homedir, tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {cacheFolder} from '../../../src/apps/cache-folder.ts';

const installed = '/film/node_modules/revideo-lambda/dist/package/src/apps/cache-folder.js';
const beside = '/film/node_modules/.cache/revideo-lambda';
const isWritable = () => true;

it('is beside the packages of the repository, or of the project that has installed the package', () => {
  const repository = '/repository/src/apps/cache-folder.ts';
  const of = (module: string) => cacheFolder({module, environment: {}, isWritable});
  expect(of(repository)).toBe('/repository/node_modules/.cache/revideo-lambda');
  expect(of(installed)).toBe(beside);
});

it("is the user's own where nothing can be written there, or else the temporary one", () => {
  const of = (environment: NodeJS.ProcessEnv, locked: RegExp) =>
    cacheFolder({module: installed, environment, isWritable: (folder) => !locked.test(folder)});
  // Where a folder does not exist, the nearest above it counts, which here is the disk's top.
  expect(cacheFolder({module: installed, environment: {}, isWritable: (folder) => folder !== '/'})).toBe(
    join(homedir(), '.cache/revideo-lambda'),
  );
  expect(of({XDG_CACHE_HOME: '/tmp'}, /^\/$/)).toBe('/tmp/revideo-lambda');
  expect(of({XDG_CACHE_HOME: '/nowhere'}, /./)).toBe(join(tmpdir(), 'revideo-lambda-cache'));
});

it('is the temporary folder on Lambda', () => {
  const environment = {AWS_LAMBDA_RUNTIME_API: 'a', LAMBDA_TASK_ROOT: '/var/task'};
  expect(cacheFolder({module: installed, environment, isWritable})).toBe(
    join(tmpdir(), 'revideo-lambda-cache'),
  );
});
