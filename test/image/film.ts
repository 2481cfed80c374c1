import {readFile, writeFile} from 'node:fs/promises';
import {networkInterfaces} from 'node:os';
import {join} from 'node:path';
import {buffer} from 'node:stream/consumers';
import {fileURLToPath} from 'node:url';
import {execa} from 'execa';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {readConfig} from '../../src/apps/config.ts';
import type {FullResult} from '../../src/model/result.ts';
import {revideoRenderer} from '../../src/renderers/revideo/renderer.ts';
import {readJson} from '../../src/storage/json.ts';
import {listAll} from '../../src/storage/list-all.ts';
import {drawChunk} from '../support/draw-chunk.ts';
import {differences} from '../support/exact.ts';
import {scratch} from '../support/processes.ts';
import {reportTable} from './support/report.ts';
import {BASE, IMAGE, type ImageStage, startImage, TOOL} from './support/stage.ts';

const WORKERS = 4;
const EVENT = {
  jobType: 'fullRender',
  jobId: 'image',
  numWorkers: WORKERS,
  frameHashes: true,
  variables: {message: 'Hello from Revideo!'},
};

let stage: ImageStage;
beforeAll(async () => {
  stage = await startImage({concurrency: WORKERS + 1});
});
afterAll(async () => {
  if (stage) process.stdout.write(`\n${reportTable(stage.reports)}\n`);
  await stage?.close();
});

/**
 * Hashes of the sample's frames, drawn as one chunk by this machine without the image. They use the image's
 * fonts, since each machine has its own font without serifs.
 */
async function outside(): Promise<string[]> {
  process.env.FONTCONFIG_PATH = await imageFonts();
  const renderer = revideoRenderer({
    project: fileURLToPath(new URL('../../revideo-project', import.meta.url)),
    cache: readConfig().cache,
  });
  try {
    const options = {directory: scratch(), signal: AbortSignal.timeout(120_000)};
    const {variables} = EVENT;
    const {frames} = await renderer.plan(variables, options);
    const chunk = {start: 0, end: frames, variables, frameHashes: true};
    return (await drawChunk(renderer, chunk, options)).hashes ?? [];
  } finally {
    await renderer.close();
  }
}

/** A folder with the image's fonts and their settings. */
async function imageFonts(): Promise<string> {
  const folder = scratch();
  const {stdout: container} = await execa(TOOL, ['create', IMAGE]);
  await execa(TOOL, ['cp', `${container}:/opt/fonts/.`, folder]);
  await execa(TOOL, ['rm', container]);
  const settings = join(folder, 'fonts.conf');
  await writeFile(settings, (await readFile(settings, 'utf8')).replaceAll('/opt/fonts', folder));
  return folder;
}

test('the image has the licences of what is in it', async () => {
  const {stdout: container} = await execa(TOOL, ['create', IMAGE]);
  const folder = scratch();
  for (const path of ['/opt/licences', '/var/task/THIRD-PARTY.txt'])
    await execa(TOOL, ['cp', `${container}:${path}`, folder]);
  await execa(TOOL, ['rm', container]);
  const read = (file: string) => readFile(join(folder, file), 'utf8');
  expect(await read('licences/GPL-3.0.txt')).toContain('GNU GENERAL PUBLIC LICENSE');
  expect(await read('licences/NOTICE')).toContain('GPL-3.0-or-later');
  expect(await read('THIRD-PARTY.txt')).toContain('Mozilla Public License');
});

describe('a full render in containers that Lambda could have started', () => {
  test('there is no network but loopback', () => {
    expect(Object.keys(networkInterfaces())).toEqual(['lo']);
  });

  test('the film is the one that is rendered outside, frame by frame', async () => {
    const result = await stage.invoke<FullResult>(EVENT);
    expect(result).toMatchObject({state: 'finished', frames: 301, workers: WORKERS});
    expect(result.chunks).toMatchObject({rendered: WORKERS, retried: 0});
    const options = {storage: stage.bucket.direct, signal: AbortSignal.timeout(20_000)};
    const inside = (await readJson(result.hashesKey ?? '', options)) as string[];
    expect(inside).toHaveLength(301);
    expect(differences(inside, await outside())).toEqual([]);
  });

  test('the film has the same bytes with another number of workers', async () => {
    const bytesOf = async (key: string) => {
      const signal = AbortSignal.timeout(20_000);
      return buffer(await stage.bucket.direct.get(key, {signal}));
    };
    // So that every segment is drawn again.
    const {direct} = stage.bucket;
    await direct.delete((await listAll('chunks/', {storage: direct})).map(({key}) => key));
    const other = await stage.invoke<FullResult>({...EVENT, jobId: 'other', numWorkers: 3});
    expect(other.chunks).toMatchObject({rendered: 3});
    expect((await bytesOf(other.key)).equals(await bytesOf('renders/image.mp4'))).toBe(true);
  });

  test('again, in containers that are warm, from frames of their own', async () => {
    const before = stage.reports.length;
    const variables = {message: 'Warm'};
    const result = await stage.invoke<FullResult>({...EVENT, jobId: 'warm', variables});
    expect(result.chunks).toMatchObject({rendered: WORKERS, retried: 0});
    const reports = stage.reports.slice(before);
    expect(reports).toHaveLength(WORKERS + 1);
    expect(reports.filter((line) => line.includes('Init Duration'))).toEqual([]);
  });
});

test('no program beside the function can look into it', async () => {
  const look = 'cat /proc/$PPID/environ; : </proc/$PPID/mem';
  const code = `console.log(JSON.stringify(require('node:child_process').spawnSync('/bin/sh', ['-c', '${look}'], {env: {}, encoding: 'latin1'})))`;
  const limits = ['--ulimit', 'nofile=1024:1024', '--ulimit', 'nproc=16384:16384'];
  const {stdout: said} = await execa(TOOL, [
    ...'run --rm --pull never --network host --user 993:990 --cap-drop all'.split(' '),
    ...limits,
    ...['--env', 'AWS_SECRET_ACCESS_KEY=canary', '--entrypoint', 'node', IMAGE, '--eval', code],
  ]);
  const {stdout, stderr} = JSON.parse(said) as {stdout: string; stderr: string};
  expect(stdout).toBe('');
  expect(stderr).toMatch(/environ: Permission denied\n.*mem: Permission denied/);
});

test('any user will do', async () => {
  const other = await startImage({concurrency: 2, user: '4242:4242'});
  try {
    const part = {jobType: 'partialRender', jobId: 'user', workerId: 0, numWorkers: 100, variables: {}};
    expect(await other.invoke(part)).toMatchObject({start: 0, frames: 15});
  } finally {
    await other.close();
  }
});

test('it adds less than 700 MB to its base', async () => {
  const size = async (image: string) =>
    Number((await execa(TOOL, ['image', 'inspect', '--format', '{{.Size}}', image])).stdout);
  const added = ((await size(IMAGE)) - (await size(BASE))) / 1e6;
  process.stdout.write(`\nThe image adds ${added.toFixed(0)} MB to ${BASE}.\n`);
  expect(added).toBeGreaterThan(0);
  expect(added).toBeLessThan(700);
});
