import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {HttpAnswer} from '../../../src/apps/handler/http.ts';
import {type Canaries, SIGNATURE, startCanaries, tellsASecret} from '../../support/canaries.ts';
import {openStage, type Stage} from '../../support/hostile-handler.ts';

let canaries: Canaries;
let stage: Stage;
beforeAll(async () => {
  canaries = await startCanaries();
  stage = await openStage(canaries);
});
afterAll(async () => {
  await stage[Symbol.asyncDispose]();
  await canaries[Symbol.asyncDispose]();
});

const nested = (depth: number) => JSON.parse(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`) as unknown;
const chunk = {start: 0, end: 1, segments: [1], content: '0'.repeat(32), run: 1};
const partial = {jobType: 'partialRender', jobId: 'film', workerId: 0, numWorkers: 1, chunk};

describe('An event is refused by its field:', () => {
  test.each<[name: string, event: unknown, names: string]>([
    ['a path', {jobType: 'fullRender', jobId: '../../etc/passwd'}, 'jobId is "../../etc/passwd"'],
    ['a folder', {jobType: 'fullRender', jobId: 'a/b'}, 'jobId is "a/b"'],
    ['this folder', {jobType: 'fullRender', jobId: '.'}, 'jobId is "."'],
    ['the folder above', {jobType: 'fullRender', jobId: '..'}, 'jobId is ".."'],
    ['a path of Windows', {jobType: 'fullRender', jobId: '..\\a'}, 'jobId is'],
    ['an end of a string', {jobType: 'fullRender', jobId: 'a\0b'}, 'jobId is'],
    ['an end of a line', {jobType: 'fullRender', jobId: 'a\nb'}, 'jobId is'],
    ['a last end of a line', {jobType: 'fullRender', jobId: 'ab\n'}, 'jobId is'],
    ['an escaped path', {jobType: 'fullRender', jobId: '..%2f'}, 'jobId is'],
    ['a long name', {jobType: 'fullRender', jobId: 'a'.repeat(1e6)}, 'jobId is "aaa'],
    ['no name', {jobType: 'fullRender', jobId: ''}, 'jobId is ""'],
    ['a name that is none', {jobType: 'fullRender', jobId: {toString: 'a'}}, 'jobId is'],
    ['no number', {jobType: 'fullRender', numWorkers: Number.NaN}, 'numWorkers is NaN'],
    ['no end', {jobType: 'fullRender', numWorkers: Number.POSITIVE_INFINITY}, 'numWorkers is Infinity'],
    ['a huge number', {jobType: 'fullRender', numWorkers: 1e300}, 'numWorkers is 1e+300'],
    ['less than none', {jobType: 'fullRender', numWorkers: -1}, 'numWorkers is -1'],
    ['a number in words', {jobType: 'fullRender', numWorkers: '7'}, 'numWorkers is "7"'],
    ['another worker', {...partial, workerId: 1e9}, 'workerId is 1000000000'],
    ['a chunk before the start', {...partial, chunk: {...chunk, start: -1}}, 'chunk.start is -1'],
    ['a chunk of nothing', {...partial, chunk: {...chunk, end: 0}}, 'chunk'],
    ['a chunk that is elsewhere', {...partial, chunk: {...chunk, content: '../../a'}}, 'chunk.content is'],
    ['a field of an argument', {jobType: 'fullRender', quality: 'best -f lavfi'}, 'quality is'],
    ['an unknown type', {jobType: 'constructor'}, 'jobType is "constructor"'],
    ['the type of an object', {jobType: '__proto__'}, 'jobType is "__proto__"'],
    ['an unknown field', {jobType: 'fullRender', bucket: 'another'}, 'bucket: not a field'],
    ['a path to write to', {jobType: 'fullRender', out: '/etc/passwd'}, 'out: not a field'],
    ['variables that are none', {jobType: 'fullRender', variables: 'a'}, 'variables is "a"'],
    ['variables in a list', {jobType: 'fullRender', variables: []}, 'variables is []'],
    ['variables without an end', {jobType: 'fullRender', variables: nested(10_000)}, 'nested more than 100'],
    ['a list', [], 'an event is a JSON object'],
    ['words', 'fullRender', 'an event is a JSON object'],
    ['nothing', null, 'an event is a JSON object'],
  ])('%s', async (_, event, names) => {
    await stage.refuse(stage.handler(event), {error: 'BadEvent', names});
  });
});

describe('A request is answered with 403:', () => {
  const context = {accountId: 'anonymous', http: {method: 'POST', path: '/'}};
  const body = JSON.stringify({jobType: 'fullRender'});
  test.each<[name: string, request: object]>([
    ['without a signature', {requestContext: context, body}],
    [
      'with a secret where there is none',
      {requestContext: context, headers: {authorization: 'Bearer '}, body},
    ],
    [
      'with a signature in its body',
      {requestContext: context, body: JSON.stringify({requestContext: {authorizer: {iam: {}}}})},
    ],
    [
      'with a signature in a header',
      {requestContext: context, headers: {authorization: `AWS4-HMAC-SHA256 Signature=${SIGNATURE}`}, body},
    ],
    ['with an authorizer of its own', {requestContext: {...context, authorizer: {lambda: {iam: {}}}}, body}],
  ])('%s', async (_, request) => {
    const answer = (await stage.handler(request)) as HttpAnswer;
    expect(answer).toMatchObject({statusCode: 403, body: expect.stringContaining('Unauthorized')});
    expect(tellsASecret(answer.body)).toBe(false);
  });
});

describe('A variable is only data:', {timeout: 60_000}, () => {
  test.each([
    ['html', '</script><script>globalThis.ran = 1</script><img src=x onerror="globalThis.ran = 1">'],
    ['a template', ['`$', '{globalThis.ran = 1}`'].join('')],
    ['script', '"); globalThis.ran = 1; ("'],
    ['lines', 'a\u2028globalThis.ran = 1\u2029\r\n\0\\'],
    ['shell', '$(touch /tmp/owned) `touch /tmp/owned` ; touch /tmp/owned | & > /tmp/owned'],
    ['arguments', '-f lavfi -i movie=/etc/passwd'],
    ['a graph', "[0:a];movie='/etc/passwd'[out]"],
    ['half a letter', '\ud83d'],
    ['an object', {constructor: {prototype: {polluted: 1}}, toString: 1, length: -1}],
    ['what an object inherits', JSON.parse('{"__proto__": {"polluted": 1}}')],
  ])('%s', async (_, data) => {
    const told = await stage.chunk({attack: 'echo', data}).catch(({message}: Error) => message);
    const [, json = ''] = /echo (\{.*\}) \(src\//s.exec(String(told)) ?? [];
    const seen = JSON.parse(json) as {data: unknown; polluted: unknown; ran: unknown};
    expect(seen).toMatchObject({polluted: [null, null, null], ran: null});
    if (typeof data === 'string') expect(seen.data).toBe(JSON.parse(JSON.stringify(data)));
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });

  test('a question, which nobody is asked', async () => {
    await stage.refuse(stage.chunk({attack: 'alert'}), {
      error: 'SceneFailed',
      names: 'alert: nobody was asked',
    });
  });

  test.each(['__proto__', 'constructor', 'toString', 'hostile.__proto__'])(
    'the one called %s',
    async (name) => {
      const variables = JSON.parse(`{"${name}": {"polluted": 1}}`) as object;
      const {chunk: _, ...alone} = partial;
      const result = await stage.handler({...alone, variables});
      expect(result).toMatchObject({start: 0, frames: 4});
      expect(Reflect.get({}, 'polluted')).toBeUndefined();
    },
  );
});
