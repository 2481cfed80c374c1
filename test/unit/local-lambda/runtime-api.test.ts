import {expect, onTestFinished, test} from 'vitest';
import {RuntimeApi} from '../../../local-lambda/runtime-api.ts';

// Our own client would agree with a misspelt header, so this one spells them as Lambda's manual does.
test('speaks the Runtime API', async () => {
  const api = await RuntimeApi.start();
  onTestFinished(() => api.close());
  const base = `http://${api.address}/2018-06-01/runtime`;
  const post = async (path: string, body: string) =>
    (await fetch(base + path, {method: 'POST', body})).status;
  const requestId = '8476a536-e9f4-11e8-9739-2dfe598c3fcd';
  const answer = api.deliver({
    requestId,
    functionArn: 'arn:aws:lambda:us-east-2:000000000000:function:custom-runtime',
    traceId: 'Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700',
    payload: Buffer.from('{"a":1}'),
    deadlineMs: 1542409706888,
  });
  const next = await fetch(`${base}/invocation/next`);
  expect(Object.fromEntries(next.headers)).toMatchObject({
    'lambda-runtime-aws-request-id': requestId,
    'lambda-runtime-deadline-ms': '1542409706888',
    'lambda-runtime-invoked-function-arn': 'arn:aws:lambda:us-east-2:000000000000:function:custom-runtime',
    'lambda-runtime-trace-id': 'Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700',
  });
  expect(await next.text()).toBe('{"a":1}');
  expect(await post('/invocation/another/response', '1')).toBe(400);
  expect(await post(`/invocation/${requestId}/response`, '"done"')).toBe(202);
  expect(await answer).toEqual({payload: Buffer.from('"done"'), failed: false});
  expect(await post(`/invocation/${requestId}/response`, '"twice"')).toBe(400);
  expect(await post('/init/error', '{"errorType":"E"}')).toBe(202);
  expect(await api.initFailed).toEqual({payload: Buffer.from('{"errorType":"E"}'), failed: true});
});
