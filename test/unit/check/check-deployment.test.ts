import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {buffer} from 'node:stream/consumers';
import {describe, expect, it, onTestFinished} from 'vitest';
import {VERSION} from '../../../src/base/version.ts';
import {cliHere} from '../../support/cli-here.ts';

const environment = {AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local'};

/** An answer of Lambda's: a status, a body, the name of an error. */
type Said = {status?: number; body?: object; error?: string; failed?: boolean};

/** Lambda's answers for a healthy new account, which has less concurrency than films like. */
const WELL = {
  DryRun: {status: 204},
  check: {body: {version: VERSION, checks: [{name: 'memory', state: 'ok', detail: '3008 MB'}]}},
  configuration: {body: {State: 'Active', LastUpdateStatus: 'Successful', MemorySize: 3008, Timeout: 900}},
  'event-invoke-config': {
    ...{status: 404, error: 'ResourceNotFoundException'},
    body: {
      Message: "The function arn:aws:lambda:us-east-1:1:function:films doesn't have an EventInvokeConfig",
    },
  },
  'account-settings': {
    body: {AccountLimit: {ConcurrentExecutions: 1000, UnreservedConcurrentExecutions: 900}},
  },
  concurrency: {body: {}},
} satisfies Record<string, Said>;

/** Checks a deployment of which Lambda says this; gives what is printed, and the questions that were asked. */
async function checkWhere(says: Partial<Record<keyof typeof WELL, Said>>) {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    await buffer(request);
    const path = String(request.url).split('?')[0]?.replace(/\/$/, '');
    const last = path?.split('/').at(-1) ?? '';
    const isDry = request.headers['x-amz-invocation-type'] === 'DryRun';
    const question = last === 'invocations' ? (isDry ? 'DryRun' : 'check') : last;
    asked.push(question);
    const said: Said = {...WELL, ...says}[question as keyof typeof WELL];
    const {status = 200, body = {}, error, failed} = said;
    response.writeHead(status, {
      'content-type': 'application/json',
      ...(error && {'x-amzn-errortype': error}),
      ...(failed && {'x-amz-function-error': 'Unhandled'}),
    });
    response.end(status === 204 ? undefined : JSON.stringify(body));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const args = ['check-deployment', '--function', 'films', '--endpoint-url', url];
  const {code, stdout, stderr} = await cliHere(args, {environment});
  return {code, lines: stdout.split('\n'), stderr, asked: [...new Set(asked)]};
}

const denied = {status: 403, error: 'AccessDeniedException', body: {Message: 'not you'}};
const limits = (ConcurrentExecutions: number, UnreservedConcurrentExecutions: number) => ({
  body: {AccountLimit: {ConcurrentExecutions, UnreservedConcurrentExecutions}},
});

describe('check:deployment', () => {
  it('prints what was found, each with its mark', async () => {
    const {code, lines, stderr} = await checkWhere({});
    expect({code, stderr}).toEqual({code: 0, stderr: ''});
    expect(lines).toEqual([
      '✓ invoke: films is there, and may be invoked',
      '✓ state of the function: Active, last update Successful, 3008 MB, 900 s',
      '✓ asynchronous retries: 2',
      "✓ concurrency: 900 invocations at a time, not reserved by other functions, of the account's 1000",
      `✓ version: the function's is ${VERSION}, this one ${VERSION}`,
      '✓ memory: 3008 MB',
      'films can render.',
      '',
    ]);
  });

  it.each([
    ['a right that is missing', denied, /Allow the caller lambda:InvokeFunction on films\./],
    ['no such function', {status: 404, error: 'ResourceNotFoundException'}, /name and the region/],
    ['a signature that is wrong', {status: 403, error: 'InvalidSignatureException'}, /valid credentials/],
    ['a token that is over', {status: 403, error: 'ExpiredTokenException'}, /valid credentials/],
  ])('asks no further after %s, and says what to do', async (_, DryRun, mend) => {
    const {code, lines, stderr, asked} = await checkWhere({DryRun});
    expect(code).toBe(1);
    expect(asked).toEqual(['DryRun']);
    expect(lines[0]).toMatch(/^✗ invoke: InvokeRefused: /);
    expect(lines[1]).toMatch(mend);
    expect(stderr).toBe('BadSetting: films cannot render yet: invoke.\n');
  });

  it('does not take for checked what the caller may not ask', async () => {
    const all = {configuration: denied, 'event-invoke-config': denied, 'account-settings': denied};
    const {code, lines} = await checkWhere({...all, concurrency: denied});
    expect(code).toBe(0);
    expect(lines.slice(1, 4)).toEqual([
      '– not checked: state of the function: AccessDeniedException: not you',
      '– not checked: asynchronous retries: AccessDeniedException: not you',
      '– not checked: concurrency: AccessDeniedException: not you',
    ]);
  });

  it.each([
    ['little of it', limits(10, 10), {body: {}}, 0, /^! concurrency: 10 .*of the account's 10$/, /Quotas/],
    ['none left', limits(1000, 0), {body: {}}, 1, /^✗ concurrency: 0 /, /Quotas/],
    [
      'a reserve of one',
      ...([limits(1000, 900), {body: {ReservedConcurrentExecutions: 1}}, 1] as const),
      ...([/^✗ concurrency: 1 .* reserved for this function/, /reserved concurrency/] as const),
    ],
    ['an own reserve that nobody may see', limits(1000, 900), denied, 0, /^✓ concurrency: 900 /, /^/],
  ])('says what room there is: %s', async (_, settings, concurrency, expected, line, mend) => {
    const {code, lines} = await checkWhere({'account-settings': settings, concurrency});
    expect(code).toBe(expected);
    expect(lines[3]).toMatch(line);
    expect(lines[4]).toMatch(mend);
  });

  it.each([
    ['that is being made', {State: 'Pending', StateReason: 'The function is being created.'}],
    [
      'whose update failed',
      {State: 'Active', LastUpdateStatus: 'Failed', LastUpdateStatusReason: 'No image.'},
    ],
  ])('a function %s is told', async (_, body) => {
    const {code, lines} = await checkWhere({configuration: {body}});
    expect(code).toBe(1);
    expect(lines[1]).toMatch(/^✗ state of the function: .*\. (The function is being created|No image)\.$/);
  });

  it('warns where nobody would hear of an asynchronous job that died', async () => {
    const retries = {MaximumRetryAttempts: 0};
    const {lines} = await checkWhere({'event-invoke-config': {body: retries}});
    expect(lines.slice(2, 4)).toEqual([
      '! asynchronous retries: none',
      expect.stringMatching(/^ {2}→ Set a failure destination/),
    ]);
    const DestinationConfig = {OnFailure: {Destination: 'arn:aws:sqs:eu-west-1:1:failed'}};
    const told = await checkWhere({'event-invoke-config': {body: {...retries, DestinationConfig}}});
    expect(told.lines[2]).toBe('✓ asynchronous retries: none; failures go to arn:aws:sqs:eu-west-1:1:failed');
  });

  it('warns of another version, and knows one that is too old to say', async () => {
    const other = await checkWhere({check: {body: {version: '9.9.9', checks: []}}});
    expect(other.code).toBe(0);
    expect(other.lines[4]).toBe(`! version: the function's is 9.9.9, this one ${VERSION}`);
    const body = {errorType: 'BadEvent', errorMessage: 'The event cannot be used. jobType is "check"; …'};
    const old = await checkWhere({check: {failed: true, body}});
    expect(old.code).toBe(1);
    expect(old.lines[4]).toMatch(/^✗ version: BadEvent: /);
    expect(old.lines[5]).toMatch(/older/);
    const stranger = await checkWhere({check: {body: {hello: 'world'}}});
    expect(stranger.lines[4]).toMatch(/^✗ version: InvokeRefused: films is a function of something else/);
  });

  it('fails with what the function cannot do, and prints how to mend it', async () => {
    const bad = {name: 'jobs/', state: 'failed', detail: 'StorageRefused: no', mend: 'Allow it.'};
    const {code, lines, stderr} = await checkWhere({check: {body: {version: VERSION, checks: [bad]}}});
    expect(code).toBe(1);
    expect(lines.slice(-3)).toEqual(['✗ jobs/: StorageRefused: no', '  → Allow it.', '']);
    expect(stderr).toBe('BadSetting: films cannot render yet: jobs/.\n');
  });
});
