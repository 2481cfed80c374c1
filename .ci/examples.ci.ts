import {execFile, spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {delimiter, dirname, join} from 'node:path';
import {promisify} from 'node:util';
import {afterAll, beforeAll, expect, it} from 'vitest';
import {project} from '../test/support/cli.ts';
import {framesOf} from '../test/support/film.ts';

/** The examples, as their readers run them: against the local service over a real S3 server. */
const bucket = `examples-${process.pid}`;
const AWS = process.env.AWS_CLI ?? 'aws';
/** The venv of the `aws` command has boto3 too. */
const PYTHON = process.env.AWS_CLI ? join(dirname(process.env.AWS_CLI), 'python') : 'python3';
const run = promisify(execFile);

let directory: string;
let service: ReturnType<typeof spawn>;
let environment: NodeJS.ProcessEnv;

const s3 = (...args: string[]) =>
  run(AWS, ['--endpoint-url', process.env.S3_TEST_ENDPOINT ?? '', ...args], {env: environment});

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'examples-'));
  environment = {
    ...process.env,
    AWS_DEFAULT_REGION: 'us-east-1',
    PATH: [dirname(AWS), process.env.PATH].join(delimiter),
  };
  await s3('s3api', 'create-bucket', '--bucket', bucket);
  const args = ['serve', '--port', '0', '--project', project('shapes'), '--concurrency', '4'];
  service = spawn(process.execPath, ['src/apps/cli/main.ts', ...args], {
    env: {...process.env, REVIDEO_BUCKET_NAME: bucket, AWS_ENDPOINT_URL_S3: process.env.S3_TEST_ENDPOINT},
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  environment.AWS_ENDPOINT_URL_LAMBDA = await new Promise((resolve, reject) => {
    let text = '';
    service.stderr?.on('data', (bytes) => {
      text += bytes;
      const url = /listens on (http:\S+)/.exec(text)?.[1];
      if (url) resolve(url);
    });
    service.once('exit', () => reject(new Error(text)));
  });
});

afterAll(async () => {
  service.kill('SIGINT');
  if (service.exitCode === null) await once(service, 'exit');
  await s3('s3', 'rb', '--force', `s3://${bucket}`);
  await rm(directory, {recursive: true, force: true});
});

const EXAMPLES = [
  ['render.py', PYTHON, 'Hi!'],
  ['render.sh', 'sh', '{"message": "Hi \\"you\\"!"}'],
  ['render.ts', process.execPath, 'Hi!'],
] as const;

it.each(EXAMPLES)('examples/%s renders a film and fetches it', async (name, program, message) => {
  const film = join(directory, `${name}.mp4`);
  const {stdout} = await run(program, [`examples/${name}`, 'revideo-render', film, message], {
    env: environment,
  });
  expect(stdout).toBe(`${film}: 61 frames\n`);
  expect(await framesOf(film)).toBe(61);
});

it.each(EXAMPLES)('examples/%s says why there is no film', async (name, program) => {
  const film = join(directory, `no-${name}.mp4`);
  const nobody = run(program, [`examples/${name}`, 'nobody', film], {env: environment});
  await expect(nobody).rejects.toMatchObject({stderr: expect.stringMatching(/nobody/)});
});

it('check:deployment finds all that a function needs, over S3 and by a presigned address', async () => {
  const {AWS_ENDPOINT_URL_LAMBDA = ''} = environment;
  const args = [
    'check-deployment',
    '--function',
    'revideo-render',
    '--endpoint-url',
    AWS_ENDPOINT_URL_LAMBDA,
  ];
  const {stdout} = await run(process.execPath, ['src/apps/cli/main.ts', ...args], {env: environment});
  for (const folder of ['renders', 'chunks', 'jobs'])
    expect(stdout).toContain(`✓ ${folder}/: ${bucket}/${folder}/*\n`);
  expect(stdout).toMatch(/^✓ result address: presigned, of /m);
  expect(stdout).toMatch(/^✓ three frames: /m);
});
