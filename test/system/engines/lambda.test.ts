import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {expect, onTestFinished, test, vi} from 'vitest';
import {type ServiceOptions, startService} from '../../../local-lambda/service.ts';
import {lambdaEngine} from '../../../src/engines/lambda/lambda.ts';
import {chunk, engineConformance, writtenPid} from '../../conformance/engine.ts';
import {scratch} from '../../support/processes.ts';

const file = fileURLToPath(new URL('../../support/engines/handler.ts', import.meta.url));
const {signal} = new AbortController();

/** Has every SDK client of this process speak to `url`, for one test. */
function pointTo(url: string): void {
  vi.stubEnv('AWS_ENDPOINT_URL_LAMBDA', url);
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'local');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local');
  onTestFinished(() => void vi.unstubAllEnvs());
}

async function start({
  concurrency = 1,
  timeoutSeconds = 60,
  functionName = 'subject',
  ...options
}: Partial<ServiceOptions> & {timeoutSeconds?: number; functionName?: string; room?: number} = {}) {
  const handler = {file, exportName: 'handler'};
  const subject = {name: 'subject', handler, environment: {}, memoryMb: 256, timeoutSeconds};
  const service = await startService({functions: [subject], logs: () => {}, concurrency: options.room ?? 10});
  pointTo(service.url);
  const engine = lambdaEngine({functionName, concurrency});
  const close = async () => {
    await engine.close();
    await service.close();
  };
  onTestFinished(close);
  return {engine, service, close};
}

engineConformance('lambdaEngine', start, {stopsWorkers: false});

test('Lambda without room for another run is InvokeThrottled', async () => {
  const {engine} = await start({concurrency: 2, room: 1});
  const directory = scratch();
  const caller = new AbortController();
  const running = engine.run(chunk('hang', {directory}), {}, {signal: caller.signal});
  await writtenPid(join(directory, 'hangs'));
  await expect(engine.run(chunk('ok'), {}, {signal})).rejects.toMatchObject({
    name: 'InvokeThrottled',
    retryable: true,
    message: expect.stringMatching(/no room.*subject.*Rate Exceeded/),
  });
  caller.abort();
  await expect(running).rejects.toThrow();
});

test('a function that does not exist is InvokeRefused', async () => {
  const {engine} = await start({functionName: 'nobody'});
  await expect(engine.run(chunk('ok'), {}, {signal})).rejects.toMatchObject({
    name: 'InvokeRefused',
    retryable: false,
    message: expect.stringMatching(/^nobody cannot be invoked: ResourceNotFoundException: .*nobody/),
  });
});

test('no credentials are InvokeRefused', async () => {
  const {engine} = await start();
  vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', undefined);
  vi.stubEnv('AWS_PROFILE', undefined);
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nowhere');
  vi.stubEnv('AWS_CONFIG_FILE', '/nowhere');
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  await expect(engine.run(chunk('ok'), {}, {signal})).rejects.toMatchObject({
    name: 'InvokeRefused',
    message: expect.stringContaining('without AWS credentials'),
  });
});

test('a service that is gone is InvokeLost', async () => {
  const {engine, service} = await start();
  await engine.run(chunk('ok'), {}, {signal});
  await service.close();
  await expect(engine.run(chunk('ok'), {}, {signal})).rejects.toMatchObject({
    name: 'InvokeLost',
    retryable: true,
    message: expect.stringContaining('subject'),
  });
});

test.each([
  ['cuts the line', () => ({})],
  ['answers 500', () => ({status: 500, body: '{"Type":"Service","Message":"oh"}'})],
  ['answers with half a JSON', () => ({status: 200, body: '{"jobId":'})],
])('a service that %s is InvokeLost, and asked once', async (_, answer) => {
  let requests = 0;
  const server = createServer((request, response) => {
    requests++;
    const {status, body}: {status?: number; body?: string} = answer();
    request
      .resume()
      .on('end', () => (status ? response.writeHead(status).end(body) : request.socket.destroy()));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => void server.close());
  pointTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const engine = lambdaEngine({functionName: 'subject', concurrency: 1});
  await expect(engine.run(chunk('ok'), {}, {signal})).rejects.toMatchObject({
    name: 'InvokeLost',
    retryable: true,
  });
  await engine.close();
  expect(requests).toBe(1);
});

test('a worker that runs into its time limit is TimedOut', async () => {
  const {engine} = await start({timeoutSeconds: 1});
  const running = engine.run(chunk('hang', {directory: scratch()}), {}, {signal});
  await expect(running).rejects.toMatchObject({
    name: 'TimedOut',
    retryable: true,
    message: expect.stringContaining('Task timed out after 1.00 seconds'),
  });
});

test('an answer that is no chunk is InvokeRefused', async () => {
  const {engine} = await start();
  await expect(engine.run(chunk('stranger'), {}, {signal})).rejects.toMatchObject({
    name: 'InvokeRefused',
    retryable: false,
    message: expect.stringMatching(/^subject answered, but not with a chunk.*older version/),
  });
});

test('an event over 6 MB is BadEvent', async () => {
  const {engine} = await start();
  const running = engine.run(chunk('ok', {text: 'x'.repeat(6_300_000)}), {}, {signal});
  await expect(running).rejects.toMatchObject({
    name: 'BadEvent',
    retryable: false,
    message: expect.stringMatching(/6 MB.*variables smaller/),
  });
});
