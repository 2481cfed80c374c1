import {describe, expect, it} from 'vitest';
import {fromPayload, RenderError, toPayload, toRenderError} from '../../src/base/errors.ts';

describe('an error that crosses a process', () => {
  it('keeps its name, message, stack and whether another try helps', () => {
    const sent = new RenderError('BrowserCrashed', 'The browser died.');
    const received = fromPayload(JSON.parse(JSON.stringify(toPayload(sent))));
    expect(received).toMatchObject({name: 'BrowserCrashed', message: 'The browser died.', retryable: true});
    expect(received.stack).toBe(sent.stack);
  });

  it.each([
    ['Sandbox.Timedout', 'RequestId: 1 Error: Task timed out after 3.00 seconds', 'TimedOut', true],
    [
      'Runtime.ExitError',
      'RequestId: 1 Error: Runtime exited with error: signal: killed',
      'WorkerCrashed',
      true,
    ],
    ['Runtime.OutOfMemory', 'out of memory', 'WorkerCrashed', true],
    ['TypeError', 'x is not a function', 'Internal', false],
  ] as const)('Lambda says %s', (errorType, errorMessage, name, retryable) => {
    const error = fromPayload({errorType, errorMessage});
    expect(error).toMatchObject({name, retryable});
    expect(error.message).toBe(`${errorType}: ${errorMessage}`);
  });

  it.each([null, 'no', 5, [], {}, {errorType: 5}, {errorMessage: null, trace: 'x'}])(
    'is one of ours when a stranger sends %j',
    (payload) => {
      const error = fromPayload(payload as never);
      expect(error).toMatchObject({name: 'Internal', message: 'Error: the function gave no message'});
      expect(error.stack).toEqual(expect.any(String));
    },
  );

  it('is one of ours whatever was thrown', () => {
    const cause = new TypeError('no');
    expect(toRenderError(cause)).toMatchObject({name: 'Internal', message: 'no', cause, stack: cause.stack});
    expect(toRenderError('text')).toMatchObject({name: 'Internal', message: 'text'});
  });
});
