import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {runKey} from '../../../src/model/keys.ts';
import {directoryStorage} from '../../../src/storage/directory/directory.ts';
import {readJson} from '../../../src/storage/json.ts';
import {runCli, startCli} from '../../support/cli.ts';
import {FRAMES, serve} from '../../support/client.ts';
import {scratch} from '../../support/processes.ts';

/** The options that name the service's function on the command line. */
const at = ({service}: Awaited<ReturnType<typeof serve>>) => [
  ...['--function', 'films', '--endpoint-url', service.url],
];
const json = (text: string) => JSON.parse(text);
const lines = (text: string) => text.trimEnd().split('\n').map(json);

describe('a job of a function', () => {
  it('is rendered, fetched, listed, shown and not begun again', async () => {
    const served = await serve();
    const out = join(scratch(), 'new/film.mp4');
    const args = ['render', '--workers', '3', '--job-id', 'X', '--out', out, '--json', ...at(served)];
    const rendered = await runCli(args);
    expect(rendered).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^job X of films\n(.*\n)*finished/),
    });
    expect(json(rendered.stdout)).toMatchObject({jobId: 'X', frames: FRAMES, workers: 3, key: 'film.mp4'});
    expect(readFileSync(out)).toEqual(readFileSync(served.film('X')));

    const other = join(scratch(), 'other.mp4');
    expect(await runCli(['download', 'X', other, ...at(served)])).toMatchObject({code: 0, stderr: ''});
    expect(readFileSync(other)).toEqual(readFileSync(served.film('X')));
    const opened = await runCli(['open', 'X', '--print', ...at(served)]);
    expect(opened.stdout).toMatch(/^file:.*renders\/X\.mp4\n$/);
    const listed = json((await runCli(['list', '--json', ...at(served)])).stdout);
    expect(listed).toEqual([expect.objectContaining({jobId: 'X', state: 'finished', frames: FRAMES})]);
    const again = await runCli(['resume', 'X', '--json', ...at(served)]);
    expect(again).toMatchObject({code: 0, stderr: expect.stringContaining('is finished')});
    expect(json(again.stdout)).toMatchObject({jobId: 'X', chunks: {rendered: 3}});
  });

  it('is watched as lines of JSON, the result last, and goes on where nobody watches any more', async () => {
    const served = await serve();
    const variables = JSON.stringify(served.gated.variables);
    const begin = ['render', '--workers', '3', '--variables', variables, '--job-id', 'X', '--detach'];
    const begun = await runCli([...begin, ...at(served)]);
    expect(begun).toMatchObject({code: 0, stderr: ''});
    expect(json(begun.stdout)).toMatchObject({
      jobId: 'X',
      watch: expect.stringContaining('watch X --function films'),
    });

    const left = startCli(['watch', 'X', ...at(served)]);
    await left.says(/^rendering/m);
    left.signal('SIGINT');
    const goesOn = /Job X goes on without us\.\nAborted: Stopped before the end\.\n$/;
    expect(await left.ended).toMatchObject({code: 130, stdout: '', stderr: expect.stringMatching(goesOn)});

    const watching = startCli(['watch', 'X', '--json', ...at(served)]);
    while (!watching.stdout().includes('"rendering"')) await new Promise((next) => setTimeout(next, 20));
    served.openGate();
    const {code, stdout, stderr} = await watching.ended;
    expect({code, stderr}).toEqual({code: 0, stderr: ''});
    expect(lines(stdout).at(0)).toMatchObject({phase: 'rendering', frames: FRAMES, chunks: 3});
    expect(lines(stdout).at(-1)).toMatchObject({state: 'finished', frames: FRAMES});
  });

  it('that is cancelled ends whoever watches it with 3, and stays cancelled', async () => {
    const served = await serve();
    const variables = JSON.stringify(served.gated.variables);
    const args = ['render', '--workers', '3', '--variables', variables, '--job-id', 'X', ...at(served)];
    const rendering = startCli(args);
    await rendering.says(/^rendering/m);
    const cancelled = await runCli(['cancel', 'X', '--json', ...at(served)]);
    expect(json(cancelled.stdout)).toMatchObject({jobId: 'X', state: 'cancelled'});
    const toldOff = {code: 3, stdout: '', stderr: expect.stringMatching(/^Cancelled: Job X was cancelled/m)};
    expect(await rendering.ended).toMatchObject(toldOff);
    expect(await runCli(['resume', 'X', ...at(served)])).toMatchObject(toldOff);
    expect(await runCli(['download', 'X', ...at(served)])).toMatchObject({code: 3, stdout: ''});
  });

  it('that failed is resumed with what it was asked for', async () => {
    const served = await serve();
    const fails = ['--workers', '3', '--variables', '{"fails": true}', '--job-id', 'X'];
    const failed = await runCli(['render', ...fails, ...at(served)]);
    expect(failed).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^SceneFailed: .*the paint ran out/m),
    });
    const unknown = await runCli(['resume', 'Y', ...at(served)]);
    expect(unknown).toMatchObject({code: 1, stderr: expect.stringMatching(/^JobUnknown: .*--event <file>/)});
    // As the record of its run says.
    const storage = directoryStorage({root: served.storage});
    const key = runKey('X', 1, 'claim');
    const claim = (await readJson(key, {storage})) as {request: object};
    expect(claim.request).toMatchObject({jobId: 'X', numWorkers: 3, variables: {fails: true}});
    // The record of the request is changed.
    const mended = {...claim, request: {...claim.request, variables: {}}};
    await storage.put(key, JSON.stringify(mended));
    const resumed = await runCli(['resume', 'X', '--json', ...at(served)]);
    expect(resumed.code).toBe(0);
    expect(json(resumed.stdout)).toMatchObject({jobId: 'X', state: 'finished', workers: 3});
  });

  it('is looked at in its storage while its workers take all the room', async () => {
    const served = await serve({concurrency: 1});
    await served.client.start({...served.gated, jobId: 'X'});
    const watching = startCli(['watch', 'X', ...at(served)]);
    await watching.says(/^rendering/m);
    served.openGate();
    expect(await watching.ended).toMatchObject({code: 0});
  });
});

describe('a job of a folder', () => {
  it('that nobody has begun is said to be so', async () => {
    const storage = scratch();
    const where = ['--storage', storage];
    expect(await runCli(['list', ...where])).toMatchObject({
      code: 0,
      stderr: `There are no jobs in ${storage}.\n`,
    });
    const watched = await runCli(['watch', 'X', '--patience', '1', ...where]);
    expect(watched).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^JobUnknown: No run of job/m),
    });
    const fetched = await runCli(['download', 'X', ...where]);
    expect(fetched).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^NoFilm: .*no run of it has started/),
    });
  });

  it.each<[string[], RegExp]>([
    [['rendr'], /^BadSetting: unknown command 'rendr'\n\(Did you mean render\?\)/],
    [['watch', 'X', '--patience', '0'], /^BadSetting: --patience is "0"; it must be a whole number/],
    [['list', '--limit', 'all'], /^BadSetting: --limit is "all"/],
    [
      ['status', 'X', '--bucket', 'b', '--storage', 's'],
      /^BadSetting: option '--bucket <name>' cannot be used/,
    ],
    [['status', 'X', '--function', 'f', '--endpoint-url', '9001'], /^BadSetting: --endpoint-url is "9001"/],
    [
      ['render', '--function', 'f', '--project', 'p'],
      /^BadSetting: option '--function <name>' cannot be used/,
    ],
    [
      ['render', '--function', 'f', '--poster', '-1'],
      /^BadSetting: --poster is -1; it must be a number of seconds/,
    ],
    [['logs', 'X', '--bucket', 'films'], /^BadSetting: .*--function <name>/],
    [['resume', 'X', '--bucket', 'films'], /^BadSetting: .*--function <name>/],
  ])('is not asked for by %j: wrong usage', async (args, message) => {
    const {code, stdout, stderr} = await runCli(args);
    expect({code, stdout}).toEqual({code: 2, stdout: ''});
    expect(stderr).toMatch(message);
  });
});
