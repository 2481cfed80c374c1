import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {fileContent, fixture, invoke, scratch, serve, until} from '../../support/local-lambda.ts';

test('DryRun checks and runs nothing', async () => {
  const initFile = join(scratch(), 'inits');
  const service = await serve(fixture('echo.ts', 'handler', {environment: {INIT_FILE: initFile}}));
  const {StatusCode, text} = await invoke(service, {}, {InvocationType: 'DryRun'});
  expect({StatusCode, text}).toEqual({StatusCode: 204, text: ''});
  await expect(invoke(service, {}, {InvocationType: 'DryRun', FunctionName: 'other'})).rejects.toThrow(
    /other/,
  );
  expect((await invoke(service)).value.calls).toBe(1);
  expect(readFileSync(initFile, 'utf8').trim().split('\n')).toHaveLength(1);
});

test('Event is answered before the function returns', async () => {
  const directory = scratch();
  const [inside, gate] = [join(directory, 'inside'), join(directory, 'gate')];
  const service = await serve(fixture('waiting.ts', 'held'));
  const {StatusCode, text} = await invoke(service, {inside, gate}, {InvocationType: 'Event'});
  expect({StatusCode, text}).toEqual({StatusCode: 202, text: ''});
  await fileContent(inside);
  expect(existsSync(`${inside}.done`)).toBe(false);
  writeFileSync(gate, '');
  await until(() => existsSync(`${inside}.done`));
});

test('a failed Event is in the log and is not tried again', async () => {
  const service = await serve(fixture('failing.ts', 'typed'));
  await invoke(service, {}, {InvocationType: 'Event'});
  await until(() => service.logged.some((line) => line.startsWith('REPORT')));
  await service.close();
  expect(service.logged.filter((line) => line.includes('ShapeError'))).toHaveLength(1);
  expect(service.logged.filter((line) => line.startsWith('START'))).toHaveLength(1);
});

test('the invocation goes on when its caller goes away', async () => {
  const directory = scratch();
  const [inside, gate] = [join(directory, 'inside'), join(directory, 'gate')];
  const service = await serve(fixture('waiting.ts', 'held'));
  const gone = new AbortController();
  const call = fetch(`${service.url}/2015-03-31/functions/subject/invocations`, {
    method: 'POST',
    body: JSON.stringify({inside, gate}),
    signal: gone.signal,
  });
  const pid = Number(await fileContent(inside));
  gone.abort();
  await expect(call).rejects.toThrow(/abort/);
  writeFileSync(gate, '');
  await until(() => service.logged.some((line) => line.startsWith('REPORT')));
  expect(existsSync(`${inside}.done`)).toBe(true);
  expect((await invoke(service, {inside, gate})).value).toBe(pid);
});
