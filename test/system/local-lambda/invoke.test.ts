import {expect, test} from 'vitest';
import {fixture, invoke, serve} from '../../support/local-lambda.ts';

test('an event goes in and a result comes out', async () => {
  const service = await serve(fixture('echo.ts'));
  const event = {text: 'ünïcode 😀 \u2028 "quoted"', list: [1, null]};
  const {StatusCode, ExecutedVersion, FunctionError, value} = await invoke(service, event);
  expect({StatusCode, ExecutedVersion, FunctionError}).toEqual({
    StatusCode: 200,
    ExecutedVersion: '$LATEST',
    FunctionError: undefined,
  });
  expect(value.event).toEqual(event);
});

test('no payload is an empty event', async () => {
  const service = await serve(fixture('echo.ts'));
  expect((await invoke(service, undefined, {Payload: undefined})).value.event).toEqual({});
});

test('the context says what was invoked, with what and until when', async () => {
  const service = await serve(fixture('echo.ts', 'handler', {memoryMb: 512, timeoutSeconds: 30}));
  const clientContext = {client: {installation_id: 'Ä😀'}};
  const before = Date.now();
  const {value, $metadata} = await invoke(
    service,
    {},
    {ClientContext: Buffer.from(JSON.stringify(clientContext)).toString('base64')},
  );
  const {remaining, ...context} = value.context;
  expect(context).toEqual({
    functionName: 'subject',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:subject',
    memoryLimitInMB: '512',
    awsRequestId: $metadata.requestId,
    logGroupName: '/aws/lambda/subject',
    logStreamName: expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]+$/),
    clientContext,
  });
  expect(remaining).toBeLessThanOrEqual(30_000);
  expect(remaining).toBeGreaterThan(30_000 - (Date.now() - before) - 1);
});

test.each([
  ['subject:live', ':live'],
  ['arn:aws:lambda:eu-west-1:123456789012:function:subject', ''],
  ['arn:aws:lambda:eu-west-1:123456789012:function:subject:$LATEST', ':$LATEST'],
  ['123456789012:function:subject', ''],
])('%s is the same function', async (FunctionName, suffix) => {
  const service = await serve(fixture('echo.ts', 'handler', {environment: {AWS_REGION: 'eu-west-1'}}));
  const {value} = await invoke(service, {}, {FunctionName});
  const arn = `arn:aws:lambda:eu-west-1:000000000000:function:subject${suffix}`;
  expect(value.context.invokedFunctionArn).toBe(arn);
});

test('a qualifier of its own is part of the ARN', async () => {
  const service = await serve(fixture('echo.ts'));
  const {value} = await invoke(service, {}, {Qualifier: 'blue'});
  expect(value.context.invokedFunctionArn).toMatch(/:function:subject:blue$/);
});

test('the trace id is passed on, and made where there is none', async () => {
  const service = await serve(fixture('echo.ts'));
  const url = `${service.url}/2015-03-31/functions/subject/invocations`;
  const ask = async (headers: Record<string, string>) => {
    const answer = (await (await fetch(url, {method: 'POST', body: '{}', headers})).json()) as {
      variables: Record<string, string>;
    };
    return answer.variables._X_AMZN_TRACE_ID;
  };
  expect(await ask({'X-Amzn-Trace-Id': 'Root=1-5759e988-bd862e3fe1be46a994272793'})).toBe(
    'Root=1-5759e988-bd862e3fe1be46a994272793',
  );
  expect(await ask({})).toMatch(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};/);
});
