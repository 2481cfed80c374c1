import {execFile, spawn} from 'node:child_process';
import {mkdirSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {expect, onTestFinished, test} from 'vitest';
import {VERSION} from '../../../src/base/version.ts';
import {project, startCli} from '../../support/cli.ts';
import {framesOf} from '../../support/film.ts';
import {scratch} from '../../support/processes.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const run = promisify(execFile);

/** A foreign project that has only the client installed. */
async function stranger(): Promise<string> {
  const folder = scratch();
  const packages = join(folder, 'node_modules');
  mkdirSync(join(packages, '@aws-sdk'), {recursive: true});
  const built = join(folder, 'built');
  await run(process.execPath, ['build-client.ts', built], {cwd: root});
  const {stdout} = await run('npm', ['pack', built, '--json', '--pack-destination', folder]);
  const [{filename}] = JSON.parse(stdout);
  expect(filename).toBe(`revideo-lambda-client-${VERSION}.tgz`);
  const own = join(packages, 'revideo-lambda-client');
  mkdirSync(own);
  await run('tar', [
    '--extract',
    '--strip-components=1',
    '--file',
    join(folder, filename),
    '--directory',
    own,
  ]);
  for (const name of ['@aws-sdk/client-lambda', '@types'])
    symlinkSync(join(root, 'node_modules', name), join(packages, name));
  writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
  const example = readFileSync(join(root, 'examples/render.ts'), 'utf8');
  writeFileSync(
    join(folder, 'render.ts'),
    example.replace("'revideo-lambda/client'", "'revideo-lambda-client'"),
  );
  return folder;
}

test('the built client has the SDK as its only dependency, and types that hold', async () => {
  const folder = await stranger();
  const client = join(folder, 'node_modules/revideo-lambda-client');
  const {private: isPrivate, dependencies} = JSON.parse(readFileSync(join(client, 'package.json'), 'utf8'));
  expect(isPrivate).toBeUndefined();
  expect(Object.keys(dependencies)).toEqual(['@aws-sdk/client-lambda']);
  const code = readFileSync(join(client, 'index.js'), 'utf8');
  const imported = [...code.matchAll(/(?:from|import\(|require\() ?"([^"]+)"/g)].map(
    ([, name]) => name ?? '',
  );
  expect([...new Set(imported)].filter((name) => !name.startsWith('node:'))).toEqual([
    '@aws-sdk/client-lambda',
  ]);

  const tsc = join(root, 'node_modules/.bin/tsc');
  const options = ['--strict', '--noEmit', '--types', 'node', '--target', 'es2022'];
  const resolved = ['--module', 'nodenext', '--moduleResolution', 'nodenext'];
  await run(tsc, [...options, ...resolved, 'render.ts'], {cwd: folder});
  writeFileSync(
    join(folder, 'wrong.ts'),
    "import {createClient} from 'revideo-lambda-client/client';\nvoid createClient({functionName: 'f'}).render({quality: 'ultra'});\n",
  );
  const wrong = await run(tsc, [...options, ...resolved, 'wrong.ts'], {cwd: folder}).catch((error) => error);
  expect(wrong.stdout).toMatch(/wrong\.ts\(2,.*Type '"ultra"' is not assignable/);
});

test('examples/render.ts renders a film on the local service and fetches it', async () => {
  const folder = await stranger();
  const storage = scratch();
  const room = ['--port', '0', '--concurrency', '4'];
  const cli = startCli(['serve', '--project', project('shapes'), '--storage', storage, ...room]);
  await cli.says(/Ctrl\+C ends it/);
  const url = /listens on (http:\S+)$/m.exec(cli.stderr())?.[1] ?? '';
  const {PATH = '', HOME = ''} = process.env;
  const where = {AWS_ENDPOINT_URL_LAMBDA: url, AWS_REGION: 'us-east-1'};
  const who = {AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local'};
  const example = spawn(process.execPath, ['render.ts', 'revideo-render', 'films/film.mp4', 'Hi!'], {
    cwd: folder,
    env: {PATH, HOME, ...where, ...who},
  });
  onTestFinished(() => void example.kill());
  const said = {stdout: '', stderr: ''};
  example.stdout.on('data', (text) => (said.stdout += text));
  example.stderr.on('data', (text) => (said.stderr += text));
  const code = await new Promise((resolve) => example.once('close', resolve));
  expect({code, ...said}).toMatchObject({code: 0, stdout: 'films/film.mp4: 61 frames\n'});
  expect(said.stderr).toMatch(/^done: 61 of 61 frames$/m);
  expect(await framesOf(join(folder, 'films/film.mp4'))).toBe(61);
  cli.signal('SIGINT', 'group');
  expect(await cli.ended).toMatchObject({code: 0});
});
