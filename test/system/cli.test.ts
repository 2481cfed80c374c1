import {readdirSync, writeFileSync} from 'node:fs';
import {readFile, writeFile} from 'node:fs/promises';
import {join, relative} from 'node:path';
import {beforeEach, describe, expect, it, test} from 'vitest';
import {project, runCli, startCli} from '../support/cli.ts';
import {framesOf} from '../support/film.ts';
import {outlivesJob} from '../support/outlives.ts';
import {scratch} from '../support/processes.ts';

const FRAMES = 61;
let directory = '';
beforeEach(() => {
  directory = scratch();
});
const inDirectory = (name: string) => join(directory, name);
const everythingIn = (path: string) => readdirSync(path, {recursive: true}).toSorted();
/** Storage keeps an empty folder for unfinished writes, and what outlives a job. */
const keysIn = (path: string) =>
  readdirSync(path, {recursive: true, withFileTypes: true})
    .flatMap((entry) => (entry.isFile() ? [relative(path, join(entry.parentPath, entry.name))] : []))
    .filter((key) => !outlivesJob(key));

const SHAPES = ['--project', project('shapes')];
const render = (...more: string[]) => ['render', ...SHAPES, ...more];
/** So that no test finds the chunks of another. */
const ownStorage = () => ['--storage', scratch()];

test('render --storage: the film under its key, and nothing else', async () => {
  const {code, stdout} = await runCli(render('--workers', '2', '--storage', directory, '--job-id', 'X'));
  expect(code).toBe(0);
  const result = JSON.parse(stdout);
  expect(result).toMatchObject({jobId: 'X', frames: FRAMES, workers: 2, key: 'renders/X.mp4'});
  expect(keysIn(directory)).toEqual(['renders/X.mp4']);
  expect(await framesOf(inDirectory('renders/X.mp4'))).toBe(FRAMES);
});

test('render makes the folder of --out, and replaces the film that is there', async () => {
  const folder = inDirectory('new/folder');
  const film = join(folder, 'film.mp4');
  expect((await runCli(render('--workers', '1', '--out', film, ...ownStorage()))).code).toBe(0);
  writeFileSync(film, 'an older film');
  expect((await runCli(render('--workers', '1', '--out', film, ...ownStorage()))).code).toBe(0);
  expect(readdirSync(folder)).toEqual(['film.mp4']);
  expect(await framesOf(film)).toBe(FRAMES);
});

/** Writes an event and gives the arguments that send it. */
function invoke(event: unknown): string[] {
  const file = inDirectory('event.json');
  writeFileSync(file, typeof event === 'string' ? event : JSON.stringify(event));
  return ['invoke', ...SHAPES, '--event', file, '--storage', inDirectory('storage')];
}

test("invoke prints a full render's answer", async () => {
  const {code, stdout} = await runCli(invoke({jobType: 'fullRender', jobId: 'X', numWorkers: 2}));
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({jobId: 'X', frames: FRAMES, workers: 2, key: 'renders/X.mp4'});
  expect(keysIn(inDirectory('storage'))).toEqual(['renders/X.mp4']);
});

test("invoke prints a partial render's answer, for a person's event as for the orchestrator's", async () => {
  const event = {jobType: 'partialRender', jobId: 'X', workerId: 1, numWorkers: 3};
  const {code, stdout} = await runCli(invoke(event));
  expect(code).toBe(0);
  const result = JSON.parse(stdout);
  expect(result).toMatchObject({jobId: 'X', workerId: 1, start: 15, end: 45, frames: 30});
  expect(result.packs).toEqual([expect.objectContaining({start: 15, end: 45})]);
  const pack = await readFile(inDirectory(join('storage', result.packs[0].key)));
  // Behind the line of its index.
  const stream = inDirectory('chunk.h264');
  await writeFile(stream, pack.subarray(pack.indexOf('\n') + 1));
  expect(await framesOf(stream)).toBe(30);
});

test('invoke prints the payload of a failure, as the console does, and still fails', async () => {
  const {code, stdout, stderr} = await runCli(invoke({jobType: 'fullRender', numWorkers: 0}));
  const errorMessage = 'The event cannot be used. numWorkers is 0; it must be a whole number from 1 to 1000.';
  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({errorType: 'BadEvent', errorMessage});
  expect(stderr).toBe(`BadEvent: ${errorMessage}\n`);
});

/** A line of a stack trace. */
const STACK = /^\s+at /m;

describe('what cannot be rendered is one named error, and leaves nothing', () => {
  it.each([
    ['nowhere', /^ProjectNotFound: There is no folder .*nowhere/m],
    ['empty', /^ProjectNotFound: .*empty holds no Revideo project: none of src\/project\.tsx/m],
    ['syntax-error', /^ProjectBroken: The project in .*syntax-error (.*\n)+.*project\.tsx/m],
    ['throws', /^SceneFailed: Job X, chunk 2 of 3 \(frames 15 to 44\), .* Frame 40.*: the paint ran out/m],
    ['throws-when-counted', /^SceneFailed: .*the script ended early/m],
    ['throws-on-load', /^SceneFailed: The project's own code failed when it was loaded/m],
    ['missing-clip', /^MediaFailed: .*not-there\.mp4/m],
  ])('the project %s', async (name, message) => {
    const args = ['--project', project(name), '--workers', '3', '--job-id', 'X', '--storage', directory];
    const {code, stdout, stderr} = await runCli(['render', ...args]);
    expect({code, stdout}).toEqual({code: message.source.startsWith('^ProjectNotFound') ? 2 : 1, stdout: ''});
    expect(stderr).toMatch(message);
    expect(stderr.match(/^[A-Z][A-Za-z]+: /gm)).toHaveLength(1);
    expect(stderr).not.toMatch(STACK);
    expect(keysIn(directory)).toEqual([]);
  });

  it('a type error, where that is asked for', async () => {
    const args = ['--project', project('type-error'), '--type-check', 'error', '--storage', directory];
    const {code, stdout, stderr} = await runCli(['render', ...args]);
    expect({code, stdout}).toEqual({code: 1, stdout: ''});
    expect(stderr).toMatch(
      /^ProjectBroken: The project in .*type-error has type errors\.\n.*project\.tsx:5.*fontSizes/m,
    );
    expect(keysIn(directory)).toEqual([]);
  });

  it.each([
    ['FFMPEG_PATH', 'BadSetting: FFMPEG_PATH is "/nowhere/tool", but that cannot be used'],
    [
      'PUPPETEER_EXECUTABLE_PATH',
      'ToolMissing: PUPPETEER_EXECUTABLE_PATH is /nowhere/tool, which is not a program',
    ],
    ['REVIDEO_CONCURRENCY', 'BadSetting: REVIDEO_CONCURRENCY is "/nowhere/tool"; it must be a whole number'],
  ])('%s that names nothing', async (name, message) => {
    const environment = {[name]: '/nowhere/tool'};
    const {code, stdout, stderr} = await runCli(render('--storage', directory), {environment});
    expect({code, stdout}).toEqual({code: message.startsWith('BadSetting') ? 2 : 1, stdout: ''});
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(STACK);
    expect(keysIn(directory)).toEqual([]);
  });
});

describe('an interrupted render', () => {
  it.each([
    ['SIGINT', 'program'],
    ['SIGINT', 'group'],
    ['SIGTERM', 'program'],
  ] as const)('by %s to the %s ends with 130 and leaves nothing', async (name, to) => {
    const cli = startCli(render('--workers', '4', '--storage', directory, '--concurrency', '2'));
    await cli.says(/^rendering/m);
    cli.signal(name, to);
    const {code, stdout, stderr} = await cli.ended;
    expect({code, stdout}).toEqual({code: 130, stdout: ''});
    expect(stderr).toMatch(/\nAborted: Stopped before the end\.\n$/);
    expect(keysIn(directory)).toEqual([]);
  });

  it('while it plans, too', async () => {
    const cli = startCli(render('--out', inDirectory('film.mp4'), ...ownStorage()));
    await cli.says(/^planning/m);
    cli.signal('SIGINT', 'group');
    expect((await cli.ended).code).toBe(130);
    expect(everythingIn(directory)).toEqual([]);
  });
});
