import {existsSync, readdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test, vi} from 'vitest';
import {Pool} from '../../../local-lambda/pool.ts';
import {fileContent, fixture, invoke, runs, scratch, serve, until} from '../../support/local-lambda.ts';

/** The notes that the function `stuck` has written about itself. */
const started = async (file: string) => JSON.parse(await fileContent(file)) as {pids: number[]; tmp: string};

test('the time limit ends the process and all it started', async () => {
  const file = join(scratch(), 'pids');
  const service = await serve(fixture('stuck.ts', 'handler', {timeoutSeconds: 3}));
  const {StatusCode, FunctionError, value, $metadata, log} = await invoke(service, {file}, {LogType: 'Tail'});
  const said = 'Task timed out after 3.00 seconds';
  expect({StatusCode, FunctionError}).toEqual({StatusCode: 200, FunctionError: 'Unhandled'});
  expect(value).toEqual({
    errorType: 'Sandbox.Timedout',
    errorMessage: `RequestId: ${$metadata.requestId} Error: ${said}`,
  });
  expect(log).toContain(`${$metadata.requestId} ${said}\n`);
  const {pids, tmp} = await started(file);
  expect(pids.every((pid) => pid > 1)).toBe(true);
  expect(pids.map(runs)).toEqual([false, false, false, false]);
  expect(existsSync(tmp)).toBe(false);
});

test('a process that ends itself takes all it started with it', async () => {
  const file = join(scratch(), 'pids');
  const service = await serve(fixture('stuck.ts'));
  const {value} = await invoke(service, {file, die: true});
  expect(value.errorMessage).toMatch(/exit status 3$/);
  const {pids, tmp} = await started(file);
  expect(pids.map(runs)).toEqual([false, false, false, false]);
  expect(existsSync(tmp)).toBe(false);
});

test('a process that dies between two calls is replaced', async () => {
  const service = await serve(fixture('failing.ts', 'doomed'));
  const {value: before} = await invoke(service);
  await until(() => !existsSync(before.tmp));
  const {value: after, FunctionError} = await invoke(service);
  expect(FunctionError).toBeUndefined();
  expect(after.pid).not.toBe(before.pid);
});

test('every environment has a temporary directory of its own', async () => {
  const directory = scratch();
  const service = await serve([
    fixture('echo.ts', 'handler', {name: 'one'}),
    fixture('echo.ts', 'handler', {name: 'two'}),
  ]);
  const ask = async (FunctionName: string) => (await invoke(service, {directory}, {FunctionName})).value;
  const [one, two] = [await ask('one'), await ask('two')];
  expect(one.tmp).not.toBe(two.tmp);
  writeFileSync(join(one.tmp, 'left behind'), '');
  expect(readdirSync(two.tmp)).toEqual([]);
  expect((await ask('one')).tmp).toBe(one.tmp);
  expect(existsSync(join(one.tmp, 'left behind'))).toBe(true);
  await service.close();
  expect([existsSync(one.tmp), existsSync(two.tmp)]).toEqual([false, false]);
});

test('close() ends what runs, answers who waits, and leaves nothing behind', async () => {
  const [temporary, files] = [scratch(), scratch()];
  vi.stubEnv('TMPDIR', temporary);
  const service = await serve([fixture('stuck.ts'), fixture('echo.ts', 'handler', {name: 'echo'})]);
  vi.unstubAllEnvs();
  const {value: idle} = await invoke(service, {}, {FunctionName: 'echo'});
  const waiting = invoke(service, {file: join(files, 'pids')});
  const {pids} = await started(join(files, 'pids'));
  expect(readdirSync(temporary)).toHaveLength(1);
  await Promise.all([service.close(), service.close()]);
  expect((await waiting).value.errorMessage).toMatch(/Runtime exited with error: signal: \w+$/);
  expect([...pids, idle.pid].map(runs)).toEqual([false, false, false, false, false]);
  expect(readdirSync(temporary)).toEqual([]);
  await expect(fetch(service.url)).rejects.toThrow();
});

test('a pool that is closed while it starts a process', async () => {
  const directory = scratch();
  const pool = new Pool({concurrency: 1, idleSeconds: 60, directory, logs: () => {}});
  const payload = Buffer.from('{}');
  const invocation = {requestId: 'id', functionArn: 'arn', traceId: 'trace', payload};
  const call = {config: fixture('echo.ts'), invocation};
  const run = pool.tryRun(call);
  await pool.close();
  expect(pool.tryRun(call)).toBeUndefined();
  expect(await run).toMatchObject({failed: true});
  expect(readdirSync(directory)).toEqual([]);
});
