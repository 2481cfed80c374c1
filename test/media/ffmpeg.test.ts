import {existsSync} from 'node:fs';
import {chmod, cp, mkdir, readFile, symlink, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {execa} from 'execa';
import {describe, expect, test} from 'vitest';
import {RenderError} from '../../src/base/errors.ts';
import {findFfmpeg, runFfmpeg} from '../../src/media/ffmpeg.ts';
import {mediaDirectory} from '../support/media.ts';

const media = mediaDirectory();
const root = dirname(dirname(import.meta.dirname));

async function program(path: string, {script = 'exit 0', mode = 0o755} = {}): Promise<string> {
  await mkdir(dirname(path), {recursive: true});
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, mode);
  return path;
}

/** A machine of its own: the module, what it imports, and the packages and programs that a test puts there. */
async function machine(name: string) {
  const home = media.path(name);
  await mkdir(join(home, 'src'), {recursive: true});
  await mkdir(join(home, 'node_modules'));
  await symlink(join(root, 'node_modules/execa'), join(home, 'node_modules/execa'));
  for (const file of [
    'media/find-ffmpeg',
    'base/errors',
    'base/disk-full',
    'base/hide-secrets',
    'base/address',
  ])
    await cp(join(root, `src/${file}.ts`), join(home, `src/${file}.ts`));
  await writeFile(join(home, 'package.json'), '{"type": "module"}');
  return {
    path: (...parts: string[]) => join(home, ...parts),
    async installed(packageName: string, exported: string) {
      const directory = join(home, 'node_modules', packageName);
      await mkdir(directory, {recursive: true});
      await writeFile(join(directory, 'index.js'), `module.exports = ${exported};`);
    },
    async find(environment: Record<string, string>): Promise<string> {
      const code = `import {findFfmpeg} from './src/media/find-ffmpeg.ts';
        await findFfmpeg().then(console.log, error => console.log(error.name + ': ' + error.message));`;
      const env = {PATH: '/nowhere', ...environment};
      const args = ['--no-warnings', '--input-type=module', '-e', code];
      const {stdout} = await execa(process.execPath, args, {cwd: home, env, extendEnv: false});
      return stdout;
    },
  };
}

// Each look at such a machine starts a Node of its own.
describe('findFfmpeg', {timeout: 60_000}, () => {
  test('prefers FFMPEG_PATH, then ffmpeg-static, then PATH, then @ffmpeg-installer', async () => {
    const here = await machine('order');
    const own = await program(here.path('own/ffmpeg'));
    const bundled = await program(here.path('static'));
    const system = await program(here.path('bin/ffmpeg'));
    // As npm leaves it where install scripts are off.
    const installer = await program(here.path('installer'), {mode: 0o644});

    await here.installed('@ffmpeg-installer/ffmpeg', JSON.stringify({path: installer}));
    expect(await here.find({})).toBe(installer);
    expect(await here.find({PATH: here.path('bin')})).toBe(system);
    await here.installed('ffmpeg-static', JSON.stringify(here.path('download-that-failed')));
    expect(await here.find({PATH: here.path('bin')})).toBe(system);
    await here.installed('ffmpeg-static', JSON.stringify(bundled));
    expect(await here.find({PATH: here.path('bin')})).toBe(bundled);
    expect(await here.find({PATH: here.path('bin'), FFMPEG_PATH: own})).toBe(own);
  });

  test('says what it tried and what to do when there is none', async () => {
    const here = await machine('bare');
    // The behaviour of @ffmpeg-installer on a platform it does not know.
    await here.installed(
      '@ffmpeg-installer/ffmpeg',
      `(() => { throw 'Unsupported platform/architecture'; })()`,
    );
    await here.installed('ffmpeg-static', 'null');
    const message = await here.find({});
    const order = ['FFMPEG_PATH', 'ffmpeg-static', 'on PATH', '@ffmpeg-installer', 'npm install'];
    const places = order.map((word) => message.indexOf(word));
    expect(message).toMatch(/^ToolMissing: /);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places).not.toContain(-1);
  });

  test.each([
    ['a file that is not there', () => '/nowhere/ffmpeg', /there is no file \/nowhere\/ffmpeg/],
    ['a program that fails', () => program(media.path('fails'), {script: 'exit 3'}), /exit code 3/],
    ['a name that is not on PATH', () => 'ffmpeg-of-mine', /no such program on PATH/],
  ])('does not pass over an FFMPEG_PATH that is %s', async (_, make, reason) => {
    const path = await make();
    const found = findFfmpeg({...process.env, FFMPEG_PATH: path});
    await expect(found).rejects.toMatchObject({name: 'BadSetting', message: expect.stringMatching(reason)});
    await expect(found).rejects.toThrow(`FFMPEG_PATH is "${path}"`);
  });

  test('takes a bare name in FFMPEG_PATH from PATH', async () => {
    const path = await program(media.path('bin/my-ffmpeg'));
    expect(await findFfmpeg({FFMPEG_PATH: 'my-ffmpeg', PATH: media.path('bin')})).toBe(path);
  });

  test('searches once, and again after a failure', async () => {
    const path = media.path('late/ffmpeg');
    const env = {FFMPEG_PATH: path};
    await expect(findFfmpeg(env)).rejects.toThrow('there is no file');
    await program(path, {script: `echo >> ${media.path('runs')}`});
    expect(await findFfmpeg(env)).toBe(path);
    expect(await findFfmpeg({...env})).toBe(path);
    expect(await readFile(media.path('runs'), 'utf8')).toBe('\n');
  });
});

describe('runFfmpeg', {timeout: 60_000}, () => {
  const signal = AbortSignal.timeout(60_000);
  const endless = ['-re', '-f', 'lavfi', '-i', 'sine', '-f', 'null', '-'];

  test('a failure says what was being done, how it ended and what ffmpeg said', async () => {
    const run = runFfmpeg(['-i', 'not-there.mp4', 'out.mp4'], {
      ffmpeg: await findFfmpeg(),
      what: 'trying it out',
      signal,
    });
    const error: RenderError = await run.then(
      () => expect.unreachable(),
      (reason) => reason,
    );
    expect(error).toBeInstanceOf(RenderError);
    expect(error.name).toBe('FfmpegFailed');
    expect(error.message).toMatch(/^While trying it out, ffmpeg ended with exit code \d+\.\n.*No such file/s);
    expect(error.cause).toMatchObject({exitCode: expect.any(Number)});
  });

  test('repeats the last ten lines, gives the caller all, and waits for none from standard input', async () => {
    const ffmpeg = await program(media.path('talks'), {script: 'cat; seq 1 500 >&2; exit 7'});
    const lines: string[] = [];
    const run = runFfmpeg([], {ffmpeg, what: 'counting', signal, onLine: (line) => lines.push(line)});
    const last = Array.from({length: 10}, (_, index) => 491 + index).join('\n');
    await expect(run).rejects.toThrow(`While counting, ffmpeg ended with exit code 7.\n${last}`);
    expect(lines).toHaveLength(500);
  });

  test('lends it nothing of the environment but what it needs', async () => {
    const ffmpeg = await program(media.path('environment'), {script: 'env >&2'});
    const names: string[] = [];
    process.env.SECRET_OF_THE_TEST = 'x';
    await runFfmpeg([], {
      ffmpeg,
      what: 'looking',
      signal,
      onLine: (line) => names.push(line.split('=')[0] ?? ''),
    });
    delete process.env.SECRET_OF_THE_TEST;
    // A shell sets these itself.
    const own = ['PWD', 'OLDPWD', 'SHLVL', '_'];
    expect(['PATH', 'HOME', 'TMPDIR', 'LANG']).toEqual(
      expect.arrayContaining(names.filter((name) => !own.includes(name))),
    );
    expect(names).toContain('PATH');
  });

  test('is gone once it was aborted', async () => {
    const pid = media.path('pid');
    const ffmpeg = await program(media.path('endless'), {
      script: `echo $$ > ${pid}; exec ${await findFfmpeg()} "$@"`,
    });
    const controller = new AbortController();
    const run = runFfmpeg(endless, {ffmpeg, what: 'waiting', signal: controller.signal});
    const ended = expect(run).rejects.toMatchObject({name: 'Aborted', message: 'Stopped while waiting.'});
    while (!existsSync(pid) || (await readFile(pid, 'utf8')) === '') await sleep(20);
    controller.abort();
    await ended;
    const process_ = Number(await readFile(pid, 'utf8'));
    expect(() => process.kill(process_, 0)).toThrow('ESRCH');
  });

  test('an abort with a reason of ours keeps it, also before the start', async () => {
    const reason = new RenderError('TimedOut', 'The job ran out of time.');
    const options = {ffmpeg: await findFfmpeg(), what: 'waiting', signal: AbortSignal.abort(reason)};
    await expect(runFfmpeg(endless, options)).rejects.toBe(reason);
  });

  test('has a deadline', async () => {
    const run = runFfmpeg(endless, {ffmpeg: await findFfmpeg(), what: 'waiting', signal, timeoutMs: 300});
    await expect(run).rejects.toMatchObject({
      name: 'FfmpegKilled',
      message: expect.stringMatching(/^While waiting, ffmpeg did not end within 0.3 s and was killed/),
    });
  });

  test('a program that cannot be started is a missing tool', async () => {
    const run = runFfmpeg([], {ffmpeg: '/nowhere/ffmpeg', what: 'waiting', signal});
    await expect(run).rejects.toMatchObject({
      name: 'ToolMissing',
      message: expect.stringContaining('/nowhere/ffmpeg'),
    });
  });
});
