import {expect, test} from 'vitest';
import {fixture, invoke, serve} from '../../support/local-lambda.ts';

test('a thrown error keeps its name, message and stack, and the environment', async () => {
  const service = await serve(fixture('failing.ts', 'typed'));
  const {StatusCode, FunctionError, value} = await invoke(service);
  expect({StatusCode, FunctionError}).toEqual({StatusCode: 200, FunctionError: 'Unhandled'});
  expect(value).toMatchObject({errorType: 'ShapeError', errorMessage: 'four corners expected, not 3'});
  expect(value.trace.join('\n')).toMatch(/^ShapeError: four corners.*\n.*at .*typed.*failing\.ts:\d+:\d+/);
  const again = await invoke(service, {}, {LogType: 'Tail'});
  expect(again.log).not.toContain('Init Duration');
  expect(again.log).toContain('ERROR\tInvoke Error\t{"errorType":"ShapeError"');
});

test('what is thrown need not be an error', async () => {
  const service = await serve(fixture('failing.ts', 'untyped'));
  expect((await invoke(service)).value).toEqual({errorType: 'string', errorMessage: 'only words', trace: []});
});

test.each([
  ['unhandled', 'Runtime.UnhandledPromiseRejection', 'RangeError: out of sight'],
  ['uncaught', 'ShapeError', 'thrown from a callback'],
])('an error that is %s is reported and ends the environment', async (name, errorType, errorMessage) => {
  const service = await serve(fixture('failing.ts', name));
  for (const _ of [1, 2]) {
    const {FunctionError, value, log} = await invoke(service, {}, {LogType: 'Tail'});
    expect(FunctionError).toBe('Unhandled');
    expect(value).toMatchObject({errorType, errorMessage});
    expect(value.trace.join('\n')).toContain('failing.ts');
    expect(log).toContain('Init Duration');
  }
});

test.each([
  [1, 'Runtime exited with error: exit status 1'],
  [0, 'Runtime exited without providing a reason'],
])('a process that exits with %i', async (status, said) => {
  const service = await serve(fixture('failing.ts', 'exits'));
  const {FunctionError, value, $metadata, log} = await invoke(service, {status}, {LogType: 'Tail'});
  expect(FunctionError).toBe('Unhandled');
  const errorMessage = `RequestId: ${$metadata.requestId} Error: ${said}`;
  expect(value).toEqual({errorType: 'Runtime.ExitError', errorMessage});
  expect(log).toMatch(/last words\n.*\n?END RequestId/);
  expect(log).toContain(`${errorMessage}\n`);
});

test('a process that is killed; the next call gets a fresh one', async () => {
  const service = await serve(fixture('failing.ts', 'killed'));
  const {value: before} = await invoke(service, {survive: true});
  const {value, $metadata} = await invoke(service);
  expect(value).toEqual({
    errorType: 'Runtime.ExitError',
    errorMessage: `RequestId: ${$metadata.requestId} Error: Runtime exited with error: signal: killed`,
  });
  const {value: after, FunctionError} = await invoke(service, {survive: true});
  expect(FunctionError).toBeUndefined();
  expect(after).not.toBe(before);
});

test.each([
  ['broken-module.ts', 'handler', 'EvalError', /^this module cannot be loaded$/],
  ['lost-import.ts', 'handler', 'Runtime.ImportModuleError', /nowhere\.ts/],
  ['failing.ts', 'absent', 'Runtime.HandlerNotFound', /does not export a function "absent"/],
  ['failing.ts', 'callback', 'Runtime.CallbackHandlerDeprecated', /takes a callback/],
])('a start that fails: %s, %s', async (file, exportName, errorType, errorMessage) => {
  const service = await serve(fixture(file, exportName));
  const {FunctionError, StatusCode, value, log} = await invoke(service, {}, {LogType: 'Tail'});
  expect({StatusCode, FunctionError}).toEqual({StatusCode: 200, FunctionError: 'Unhandled'});
  expect(value).toMatchObject({errorType, errorMessage: expect.stringMatching(errorMessage)});
  expect(value.trace.length).toBeGreaterThan(1);
  expect(log).toContain(`ERROR\tInit Error\t{"errorType":"${errorType}"`);
  if (file === 'broken-module.ts') expect(log).toContain('about to break');
});
