import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import fc from 'fast-check';
import {expect, test, vi} from 'vitest';
import {fileContent, fixture, invoke, runs, scratch, serve, until} from '../../support/local-lambda.ts';

test('parallel invocations have a process each; the next one finds a warm one', async () => {
  const [directory, initFile] = [scratch(), join(scratch(), 'inits')];
  const service = await serve([
    fixture('waiting.ts', 'rendezvous'),
    fixture('echo.ts', 'handler', {name: 'echo', environment: {INIT_FILE: initFile}}),
  ]);
  const event = {directory, parties: 2};
  const pids = (await Promise.all([invoke(service, event), invoke(service, event)])).map(({value}) => value);
  expect(new Set(pids).size).toBe(2);
  expect(pids).not.toContain(process.pid);
  expect(pids).toContain((await invoke(service, event)).value);

  const {value: first} = await invoke(service, {}, {FunctionName: 'echo'});
  const {value: second} = await invoke(service, {}, {FunctionName: 'echo'});
  expect([second.pid, first.calls, second.calls]).toEqual([first.pid, 1, 2]);
  expect(readFileSync(initFile, 'utf8')).toBe(`${first.pid}\n`);
});

test('of two warm environments the one used last is taken', async () => {
  const directory = scratch();
  const file = (name: string) => join(directory, name);
  const service = await serve(fixture('waiting.ts', 'held'));
  const start = (id: string) => invoke(service, {inside: file(id), gate: file(`${id}-gate`)});
  const calls = {a: start('a'), b: start('b')};
  await Promise.all([fileContent(file('a')), fileContent(file('b'))]);
  for (const id of ['b', 'a'] as const) {
    writeFileSync(file(`${id}-gate`), '');
    const {value} = await calls[id];
    expect((await start(id)).value).toBe(value);
  }
});

test('a function can invoke itself in parallel', async () => {
  const environment: Record<string, string> = {AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local'};
  const service = await serve(fixture('recursive.ts', 'handler', {environment}));
  environment.AWS_ENDPOINT_URL_LAMBDA = service.url;
  const {value} = await invoke(service, {directory: scratch(), children: 3});
  const pids = [value.pid, ...value.children.map(({pid}: {pid: number}) => pid)];
  expect(new Set(pids).size).toBe(4);
});

test('an environment has its variables and none of the service', async () => {
  vi.stubEnv('CANARY', 'sings');
  vi.stubEnv('AWS_SESSION_TOKEN', 'secret');
  vi.stubEnv('NODE_OPTIONS', '--no-deprecation');
  const environment = {MINE: 'yes', TMPDIR: '/somewhere', AWS_LAMBDA_FUNCTION_NAME: 'other'};
  const service = await serve(fixture('echo.ts', 'handler', {environment}));
  const {value} = await invoke(service);
  vi.unstubAllEnvs();
  expect(value.variables).toEqual({
    PATH: process.env.PATH,
    LANG: process.env.LANG ?? 'en_US.UTF-8',
    HOME: value.tmp,
    TMPDIR: expect.stringMatching(/lambda-[^/]+\/[^/]+\/tmp$/),
    MINE: 'yes',
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_LAMBDA_FUNCTION_NAME: 'subject',
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
    AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/subject',
    AWS_LAMBDA_LOG_STREAM_NAME: value.context.logStreamName,
    AWS_LAMBDA_RUNTIME_API: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
    _X_AMZN_TRACE_ID: expect.any(String),
  });
});

test('an environment that has nothing to do is ended, its directory removed', async () => {
  const service = await serve(fixture('echo.ts'), {idleSeconds: 0.05});
  const {value} = await invoke(service);
  expect(value.calls).toBe(1);
  await until(() => !runs(value.pid) && !existsSync(value.tmp));
  expect((await invoke(service)).value.calls).toBe(1);
});

test('idle environments of other functions make room', async () => {
  const names = ['one', 'two', 'three'];
  const service = await serve(
    names.map((name) => fixture('echo.ts', 'handler', {name})),
    {concurrency: 2},
  );
  const pids: number[] = [];
  for (const FunctionName of names) pids.push((await invoke(service, {}, {FunctionName})).value.pid);
  expect(pids.map(runs)).toEqual([false, true, true]);
});

test('random calls: never more at once than may, and no more processes', async () => {
  const [concurrency, directory] = [4, scratch()];
  const seed = Date.now();
  const calls = fc.sample(fc.record({after: fc.nat(1500), ms: fc.nat(150)}), {seed, numRuns: 50});
  const service = await serve(fixture('waiting.ts', 'census'), {concurrency});
  const answers = await Promise.all(
    calls.map(async ({after, ms}) => {
      await new Promise((resolve) => setTimeout(resolve, after));
      return invoke(service, {directory, ms}).catch((error: Error) => error.name);
    }),
  );
  const refused = answers.filter((answer) => typeof answer === 'string');
  const seen = answers.flatMap((answer) => (typeof answer === 'string' ? [] : [answer.value]));
  expect(new Set(refused), `seed ${seed}`).toEqual(new Set(['TooManyRequestsException']));
  expect(Math.max(...seen.map(({most}) => most)), `seed ${seed}`).toBeLessThanOrEqual(concurrency);
  expect(new Set(seen.map(({pid}) => pid)).size, `seed ${seed}`).toBeLessThanOrEqual(concurrency);
  expect(seen.length + refused.length).toBe(50);
  expect(seen.length).toBeGreaterThanOrEqual(concurrency);
});
