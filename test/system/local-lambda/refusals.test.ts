import {existsSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {
  InvalidRequestContentException,
  RequestTooLargeException,
  ResourceNotFoundException,
  TooManyRequestsException,
} from '@aws-sdk/client-lambda';
import {expect, test} from 'vitest';
import {fileContent, fixture, invoke, scratch, serve} from '../../support/local-lambda.ts';

const LIMIT = 6_291_556;
const EVENT_LIMIT = 1_048_576;
/** A JSON text of exactly `bytes` bytes. */
const jsonOf = (bytes: number) => JSON.stringify('x'.repeat(bytes - 2));

test('an unknown function: 404', async () => {
  const service = await serve(fixture('echo.ts'));
  const error = await invoke(service, {}, {FunctionName: 'nobody'}).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(ResourceNotFoundException);
  expect(error).toMatchObject({
    $metadata: {httpStatusCode: 404},
    Type: 'User',
    message: 'Function not found: arn:aws:lambda:us-east-1:000000000000:function:nobody',
  });
});

test('a body that is not JSON: 400', async () => {
  const service = await serve(fixture('echo.ts'));
  const error = await invoke(service, {}, {Payload: '{"half":'}).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(InvalidRequestContentException);
  expect(error).toMatchObject({
    $metadata: {httpStatusCode: 400},
    Type: 'User',
    message: expect.stringMatching(/^Could not parse request body into json: /),
  });
});

test('a client context that is not JSON: 400', async () => {
  const service = await serve(fixture('echo.ts'));
  await expect(invoke(service, {}, {ClientContext: 'e30x'})).rejects.toThrow(InvalidRequestContentException);
});

test('an unknown invocation type: 400', async () => {
  const service = await serve(fixture('echo.ts'));
  const {status, headers} = await fetch(`${service.url}/2015-03-31/functions/subject/invocations`, {
    method: 'POST',
    headers: {'X-Amz-Invocation-Type': 'Later'},
  });
  expect([status, headers.get('x-amzn-errortype')]).toEqual([400, 'InvalidParameterValueException']);
});

test('6,291,556 bytes are taken, one more is refused: 413', async () => {
  const service = await serve(fixture('failing.ts', 'killed'));
  const fits = await invoke(service, {}, {Payload: jsonOf(LIMIT)});
  expect(fits.StatusCode).toBe(200);
  const error = await invoke(service, {}, {Payload: jsonOf(LIMIT + 1)}).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(RequestTooLargeException);
  expect(error.$metadata.httpStatusCode).toBe(413);
});

test('an Event may have 1 MB', async () => {
  const service = await serve(fixture('echo.ts'));
  const event = (bytes: number) => invoke(service, {}, {InvocationType: 'Event', Payload: jsonOf(bytes)});
  expect((await event(EVENT_LIMIT)).StatusCode).toBe(202);
  await expect(event(EVENT_LIMIT + 1)).rejects.toThrow(RequestTooLargeException);
});

test('a response may have 6,291,556 bytes; the environment lives on after a larger one', async () => {
  const service = await serve(fixture('failing.ts', 'long'));
  const ask = (bytes: number) => invoke(service, {length: bytes - 2});
  expect((await ask(LIMIT)).text).toHaveLength(LIMIT);
  const {StatusCode, FunctionError, value} = await ask(LIMIT + 1);
  expect({StatusCode, FunctionError, value}).toEqual({
    StatusCode: 200,
    FunctionError: 'Unhandled',
    value: {
      errorType: 'Function.ResponseSizeTooLarge',
      errorMessage: 'Response payload size exceeded maximum allowed payload size (6291556 bytes).',
    },
  });
  expect((await ask(4)).text).toBe('"xx"');
  expect(service.logged.filter((line) => line.includes('Init Duration'))).toHaveLength(1);
});

test('a call past the concurrency: 429', async () => {
  const directory = scratch();
  const [inside, gate] = [join(directory, 'inside'), join(directory, 'gate')];
  const service = await serve(fixture('waiting.ts', 'held'), {concurrency: 1});
  const first = invoke(service, {inside, gate});
  const pid = Number(await fileContent(inside));
  const error = await invoke(service, {inside, gate}).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(TooManyRequestsException);
  expect(error).toMatchObject({
    $metadata: {httpStatusCode: 429},
    Type: 'User',
    Reason: 'ConcurrentInvocationLimitExceeded',
    message: 'Rate Exceeded.',
  });
  writeFileSync(gate, '');
  expect((await first).value).toBe(pid);
  expect((await invoke(service, {inside, gate})).value).toBe(pid);
});

test('an event past the concurrency waits for its turn', async () => {
  const directory = scratch();
  const place = (name: string) => ({inside: join(directory, `${name}-inside`), gate: join(directory, name)});
  const [held, queued] = [place('held'), place('queued')];
  const service = await serve(fixture('waiting.ts', 'held'), {concurrency: 1});
  const first = invoke(service, held);
  await fileContent(held.inside);
  const accepted = await invoke(service, queued, {InvocationType: 'Event'});
  expect(accepted.StatusCode).toBe(202);
  // Between the two stands a call that finds no room: the event has not taken any.
  await expect(invoke(service, held)).rejects.toBeInstanceOf(TooManyRequestsException);
  expect(existsSync(queued.inside)).toBe(false);
  writeFileSync(held.gate, '');
  const pid = Number((await first).value);
  expect(Number(await fileContent(queued.inside))).toBe(pid);
  writeFileSync(queued.gate, '');
});
