import {readdirSync} from 'node:fs';
import {expect, test, vi} from 'vitest';
import {startService} from '../../../local-lambda/service.ts';
import {fixture, scratch, serve} from '../../support/local-lambda.ts';

const echo = fixture('echo.ts');

test.each([
  [{functions: [{...echo, name: 'a b'}]}, /name: 1-64 letters/],
  [{functions: [echo, echo]}, /"subject", name: used by two/],
  [{functions: [{...echo, handler: {file: 'echo.ts', exportName: 'handler'}}]}, /an absolute path expected/],
  [
    {functions: [{...echo, handler: {file: '/no/where.ts', exportName: 'handler'}}]},
    /there is no \/no\/where/,
  ],
  [{functions: [{...echo, memoryMb: 127}]}, /memoryMb: 128-10240 expected, not 127/],
  [{functions: [{...echo, timeoutSeconds: 901}]}, /timeoutSeconds: above 0 and at most 900/],
  [{functions: [echo], concurrency: 0}, /concurrency: a whole number from 1/],
  [{functions: [echo], idleSeconds: -1}, /idleSeconds: 0 to/],
])('an option that cannot be used is named: %#', async (options, message) => {
  await expect(startService(options)).rejects.toThrow(message);
});

test('a port that is taken', async () => {
  const temporary = scratch();
  const {url} = await serve(echo);
  vi.stubEnv('TMPDIR', temporary);
  await expect(startService({functions: [echo], port: Number(new URL(url).port)})).rejects.toThrow(
    /EADDRINUSE/,
  );
  vi.unstubAllEnvs();
  expect(readdirSync(temporary)).toEqual([]);
});
