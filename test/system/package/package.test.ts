import {existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {execa} from 'execa';
import {afterAll, beforeAll, expect, it, onTestFinished} from 'vitest';
import {framesOf} from '../../support/film.ts';
import {startAws} from '../../support/infra/aws.ts';
import {scratch, until} from '../../support/processes.ts';
import {dockerStub, installed, npx, pack} from './support.ts';

const packed = mkdtempSync(join(tmpdir(), 'packed-'));
let tarball: string;
beforeAll(async () => {
  tarball = await pack(packed);
});
afterAll(() => rmSync(packed, {recursive: true}));

/** Every file of the package with the time of its last change. */
const filesOf = (folder: string) => {
  const own = join(folder, 'node_modules/revideo-lambda');
  return readdirSync(own, {recursive: true, encoding: 'utf8'}).map((path) => [
    path,
    statSync(join(own, path)).mtimeMs,
  ]);
};

it('renders the project of the folder that it is installed in, and writes nothing into itself', async () => {
  const folder = await installed(tarball);
  const before = filesOf(folder);
  const {exitCode, stderr} = await npx(folder, ['render', '--workers', '2', '--out', 'film.mp4']);
  expect({exitCode, stderr}).toEqual({exitCode: 0, stderr: expect.any(String)});
  expect(await framesOf(join(folder, 'film.mp4'))).toBe(3);
  expect(filesOf(folder)).toEqual(before);
  expect(readdirSync(join(folder, 'node_modules/.cache'))).toEqual(['revideo-lambda']);
});

it('stands beside the package of the client alone', async () => {
  const folder = await installed(tarball);
  const inside = join(folder, 'node_modules/revideo-lambda/dist/client');
  const {stdout} = await execa('npm', ['pack', inside, '--json', '--pack-destination', folder]);
  const [{name, filename}] = JSON.parse(stdout);
  const client = join(folder, 'node_modules', name);
  expect(existsSync(client)).toBe(false);
  mkdirSync(client);
  await execa('tar', ['-x', '--strip-components=1', '-f', join(folder, filename), '-C', client]);
  const names = ['revideo-lambda/client', 'revideo-lambda-client', 'revideo-lambda-client/client'];
  const code = `for (const name of ${JSON.stringify(names)}) console.log(typeof (await import(name)).createClient);`;
  const imported = await execa(process.execPath, ['--input-type=module', '--eval', code], {cwd: folder});
  expect(imported.stdout.split('\n')).toEqual(names.map(() => 'function'));
});

it('serves the project of the folder, by the Invoke API', async () => {
  const folder = await installed(tarball);
  const before = filesOf(folder);
  // The entry that it writes is the function's then.
  expect((await npx(folder, ['init'])).exitCode).toBe(0);
  // A group of its own, as a shell gives to what it starts: npx passes on no signals.
  const serving = npx(folder, ['serve', '--port', '0', '--concurrency', '2'], {detached: true});
  let told = '';
  serving.stderr.on('data', (text) => (told += text));
  const send = (signal: NodeJS.Signals) => process.kill(-(serving.pid ?? 0), signal);
  let over = false;
  onTestFinished(() => {
    if (!over) send('SIGKILL');
  });
  await until(() => /Ctrl\+C ends it/.test(told));
  const [, url = ''] = /listens on (http:\S+)$/m.exec(told) ?? [];
  const event = 'events/full-render-minimal.json';
  const how = ['--function', 'revideo-render', '--endpoint-url', url, '--event', event, '--json', '--quiet'];
  const {exitCode, stdout, stderr} = await npx(folder, ['invoke', ...how]);
  expect({exitCode, stdout, stderr}).toEqual({exitCode: 0, stdout: expect.any(String), stderr: ''});
  expect(JSON.parse(stdout)).toMatchObject({state: 'finished', frames: 3});
  send('SIGINT');
  await serving;
  over = true;
  expect(filesOf(folder)).toEqual(before);
});

it('builds the image of the project of the folder, of copies', async () => {
  const folder = await installed(tarball);
  const before = filesOf(folder);
  const {path, calls} = dockerStub();
  const {exitCode, stderr} = await npx(folder, ['image'], {env: {PATH: path}});
  expect({exitCode, stderr}).toEqual({
    exitCode: 0,
    stderr: 'The image revideo-lambda is built. `npx revideo-lambda deploy` brings it to AWS.',
  });
  const [, base, image] = calls();
  expect(base).toMatch(/^build .*--file Dockerfile\.base --tag revideo-lambda-base .*Dockerfile\.base/);
  expect(image).toMatch(/ --build-arg PROJECT=\.project .*\[.*\.project .* package-lock\.json /);
  expect(filesOf(folder)).toEqual(before);
});

it('deploy says what is to be installed for it', async () => {
  const folder = await installed(tarball);
  const {exitCode, stderr} = await npx(folder, ['deploy']);
  expect({exitCode, stderr}).toEqual({
    exitCode: 1,
    stderr: expect.stringMatching(
      /^ToolMissing: .*aws-cdk, aws-cdk-lib, constructs.*npm install --save-dev aws-cdk@\S+ aws-cdk-lib@\S+ constructs@\S+$/,
    ),
  });
});

it('deploy brings the project of the folder as far as there is an AWS', async () => {
  const folder = await installed(tarball, {more: ['aws-cdk', 'aws-cdk-lib', 'constructs', '.bin/cdk']});
  const before = filesOf(folder);
  const aws = await startAws((action) =>
    action === 'DescribeStacks' ? {stack: {StackName: 'CDKToolkit'}} : undefined,
  );
  onTestFinished(() => aws.close());
  const {path, calls} = dockerStub();
  const environment = {...aws.environment, PATH: path, AWS_EC2_METADATA_DISABLED: 'true', HOME: scratch()};
  const {exitCode, stderr} = await npx(folder, ['deploy', '--yes'], {env: environment});
  expect({exitCode, stderr}).toEqual({
    exitCode: 1,
    stderr: expect.stringMatching(/^cdk ended with exit code 1$/m),
  });
  expect(stderr).toMatch(/^Function revideo-render goes to account \d{12}, /);
  expect(calls()).toContainEqual(expect.stringMatching(/^build .*--file Dockerfile\.base .*\.project /));
  expect(filesOf(folder)).toEqual(before);
}, 600_000);

it('destroy and policies need nothing of CDK', async () => {
  const folder = await installed(tarball);
  const destroyed = await npx(folder, ['destroy', '--yes'], {
    env: {HOME: scratch(), AWS_EC2_METADATA_DISABLED: 'true'},
  });
  expect(destroyed).toMatchObject({
    exitCode: 2,
    stderr: expect.stringMatching(/^BadSetting: There is no AWS region\./),
  });
  const role = await npx(folder, [
    'policies',
    'role',
    '--account',
    '123456789012',
    '--region',
    'eu-central-1',
  ]);
  expect(role.exitCode).toBe(0);
  expect(JSON.parse(role.stdout).Statement[0].Resource).toBe(
    'arn:aws:lambda:eu-central-1:123456789012:function:revideo-render',
  );
});
