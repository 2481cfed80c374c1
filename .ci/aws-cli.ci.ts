import {execFile, spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {ALL_FORMATS, BufferSource, EncodedPacketSink, Input} from 'mediabunny';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {outlivesJob} from '../test/support/outlives.ts';

/** The whole system as its users drive it: `npm run serve` over a real S3 server, called by the `aws` command. */
const bucket = `films-${process.pid}`;
let directory: string;
let endpoint: string;
let version: string;
let service: ReturnType<typeof spawn>;

const aws = async (...args: string[]): Promise<string> => {
  const {stdout} = await promisify(execFile)(process.env.AWS_CLI ?? 'aws', args, {
    env: {...process.env, AWS_DEFAULT_REGION: 'us-east-1'},
  });
  return stdout;
};
const s3 = (...args: string[]) => aws('--endpoint-url', process.env.S3_TEST_ENDPOINT ?? '', ...args);

async function invoke(
  event: string,
): Promise<{status: Record<string, unknown>; answer: Record<string, unknown>}> {
  const file = join(directory, 'answer.json');
  // Version 1 sends a payload as it is, and does not know the option.
  const raw = version.startsWith('aws-cli/1') ? [] : ['--cli-binary-format', 'raw-in-base64-out'];
  const where = ['--endpoint-url', endpoint, '--function-name', 'revideo-render'];
  const payload = ['--payload', `file://${event}`, '--cli-read-timeout', '0', file];
  const status = await aws('lambda', 'invoke', ...where, ...raw, ...payload);
  return {status: JSON.parse(status), answer: JSON.parse(await readFile(file, 'utf8'))};
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'aws-cli-'));
  version = await aws('--version');
  await s3('s3api', 'create-bucket', '--bucket', bucket);
  service = spawn(process.execPath, ['src/apps/cli/main.ts', 'serve', '--port', '0'], {
    env: {...process.env, REVIDEO_BUCKET_NAME: bucket, AWS_ENDPOINT_URL_S3: process.env.S3_TEST_ENDPOINT},
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  endpoint = await new Promise((resolve, reject) => {
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

describe('aws lambda invoke', () => {
  it("renders the original's test event into the bucket", async () => {
    const {status, answer} = await invoke('events/full-render.json');
    expect(status).toMatchObject({StatusCode: 200, ExecutedVersion: '$LATEST'});
    expect(status).not.toHaveProperty('FunctionError');
    // Ten seconds are 20 segments, so 20 of the 25 workers have something to do.
    expect(answer).toMatchObject({jobId: '12345', bucket, key: 'renders/12345.mp4', workers: 20});

    const film = await fetch(String(answer.resultUrl));
    expect(film.status).toBe(200);
    const bytes = await film.arrayBuffer();
    expect(bytes.byteLength).toBe(answer.bytes);
    const input = new Input({source: new BufferSource(bytes), formats: ALL_FORMATS});
    const track = await input.getPrimaryVideoTrack();
    if (!track) throw new Error('no picture');
    let frames = 0;
    for await (const _ of new EncodedPacketSink(track).packets()) frames++;
    expect(frames).toBe(answer.frames);
  });

  it('leaves the film, and nothing that does not outlive its job', async () => {
    const listed = await s3('s3', 'ls', '--recursive', `s3://${bucket}`);
    const keys = listed
      .trim()
      .split('\n')
      .map((line) => line.split(' ').at(-1) ?? '');
    expect(keys.filter((key) => !outlivesJob(key))).toEqual(['renders/12345.mp4']);
  });

  it('shows a film to nobody without a signature', async () => {
    const plain = await fetch(`${process.env.S3_TEST_ENDPOINT}/${bucket}/renders/12345.mp4`);
    expect(plain.status).toBe(403);
  });

  it('reports a bad event as a failed invocation with a name and a message', async () => {
    const event = join(directory, 'bad.json');
    await writeFile(event, JSON.stringify({jobType: 'fullRender', numWorkers: 0}));
    const {status, answer} = await invoke(event);
    expect(status).toMatchObject({StatusCode: 200, FunctionError: 'Unhandled'});
    expect(answer).toMatchObject({errorType: 'BadEvent'});
    expect(answer.errorMessage).toContain('numWorkers is 0; it must be a whole number from 1 to 1000.');
  });

  it('reports a bucket that does not exist', async () => {
    const lost = spawn(process.execPath, ['src/apps/cli/main.ts', 'serve', '--port', '0'], {
      env: {
        ...process.env,
        REVIDEO_BUCKET_NAME: `${bucket}-gone`,
        AWS_ENDPOINT_URL_S3: process.env.S3_TEST_ENDPOINT,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    try {
      const before = endpoint;
      endpoint = await new Promise((resolve) => {
        lost.stderr?.on('data', (bytes) => {
          const url = /listens on (http:\S+)/.exec(String(bytes))?.[1];
          if (url) resolve(url);
        });
      });
      const {answer} = await invoke('events/full-render.json').finally(() => {
        endpoint = before;
      });
      expect(answer).toMatchObject({errorType: 'BucketNotFound'});
      expect(answer.errorMessage).toContain(`${bucket}-gone`);
    } finally {
      lost.kill('SIGINT');
      if (lost.exitCode === null) await once(lost, 'exit');
    }
  });
});
