import {describe, expect, it, test} from 'vitest';
import {createHandler} from '../../src/apps/handler/handler.ts';
import {answerHttp, type HttpEvent, isHttpEvent} from '../../src/apps/handler/http.ts';
import {RenderError} from '../../src/base/errors.ts';
import type {Engine} from '../../src/engines/engine.ts';
import type {Renderer} from '../../src/renderers/renderer.ts';
import type {Storage} from '../../src/storage/storage.ts';

/** A request to a function URL, as "Invoking Lambda function URLs", request payload format, shows it. */
const url = (body?: unknown, more: object = {}): HttpEvent =>
  ({
    version: '2.0',
    routeKey: '$default',
    rawPath: '/',
    rawQueryString: '',
    headers: {'content-type': 'application/json'},
    requestContext: {
      accountId: '123456789012',
      apiId: 'abcdefghij',
      authorizer: {
        iam: {
          accessKey: 'AKIA',
          accountId: '123456789012',
          callerId: 'AIDA',
          userArn: 'arn:aws:iam::123456789012:user/anna',
          userId: 'AIDA',
        },
      },
      http: {method: 'POST', path: '/', protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'curl'},
      requestId: 'id',
      routeKey: '$default',
      stage: '$default',
    },
    ...(body === undefined ? {} : {body: JSON.stringify(body)}),
    isBase64Encoded: false,
    ...more,
  }) as unknown as HttpEvent;

/** A request through a REST API, as "Lambda proxy integrations in API Gateway", input format, shows it. */
const rest = (body: unknown, userArn: string | null): HttpEvent =>
  ({
    resource: '/',
    path: '/',
    httpMethod: 'POST',
    headers: {},
    requestContext: {
      accountId: '123456789012',
      apiId: 'abcdefghij',
      authorizer: null,
      identity: {sourceIp: '192.0.2.1', userArn, userAgent: 'curl'},
      stage: 'prod',
    },
    body: JSON.stringify(body),
    isBase64Encoded: false,
  }) as unknown as HttpEvent;

const EVENT = {jobType: 'fullRender', jobId: 'film'};
const echo = async (event: unknown) => ({echo: event});
const parse = ({statusCode, body, headers}: Awaited<ReturnType<typeof answerHttp>>) => {
  expect(headers).toEqual({'content-type': 'application/json'});
  return {statusCode, body: JSON.parse(body)};
};

describe('a signed request', () => {
  it.each([
    ['a function URL', url(EVENT)],
    ['a REST API', rest(EVENT, 'arn:aws:sts::123456789012:assumed-role/render/anna')],
    ['a base64 body', url(undefined, {body: btoa(JSON.stringify(EVENT)), isBase64Encoded: true})],
  ])('through %s is run and its result is the answer', async (_, event) => {
    expect(parse(await answerHttp(event, echo))).toEqual({statusCode: 200, body: {echo: EVENT}});
  });

  it('in base64 may hold any letters', async () => {
    const text = JSON.stringify({variables: {message: 'déjà vu, 動画'}});
    const event = url(undefined, {body: Buffer.from(text).toString('base64'), isBase64Encoded: true});
    expect(parse(await answerHttp(event, echo)).body.echo).toEqual({variables: {message: 'déjà vu, 動画'}});
  });

  it.each([
    ['broken JSON', {body: '{"jobType":'}],
    ['no body', {body: undefined}],
    ['a null body', {body: null}],
    ['JSON that is not said to be base64', {body: btoa('{}')}],
    ['broken JSON in base64', {body: btoa('{"jobType":'), isBase64Encoded: true}],
  ])('with %s is 400 and nothing is run', async (_, more) => {
    let runs = 0;
    const answer = await answerHttp(url(undefined, more), async () => runs++);
    expect(parse(answer)).toMatchObject({
      statusCode: 400,
      body: {errorType: 'BadEvent', errorMessage: expect.stringContaining('body is not JSON')},
    });
    expect(runs).toBe(0);
  });

  it.each([
    [400, new RenderError('BadEvent', 'numWorkers is 0'), 'BadEvent'],
    [429, new RenderError('InvokeThrottled', 'no room'), 'InvokeThrottled'],
    [500, new RenderError('SceneFailed', 'the paint ran out'), 'SceneFailed'],
    [500, new TypeError('no paint'), 'Internal'],
    [500, 'only words', 'Internal'],
  ])('that fails is %i and names the error, without its stack', async (statusCode, thrown, errorType) => {
    const answer = await answerHttp(url(EVENT), () => Promise.reject(thrown));
    const errorMessage = thrown instanceof Error ? thrown.message : thrown;
    expect(parse(answer)).toEqual({statusCode, body: {errorType, errorMessage}});
  });
});

describe('a request that IAM has not signed', () => {
  const context = (requestContext: unknown) => url(EVENT, {requestContext});
  it.each([
    ['a function URL without authentication', context({accountId: 'anonymous', http: {method: 'POST'}})],
    ['a function URL with an empty authorizer', context({authorizer: {}})],
    ['an authorizer that is null', context({authorizer: null})],
    ['a JWT', context({authorizer: {jwt: {claims: {sub: 'anna'}, scopes: null}}})],
    ['a REST API without authentication', rest(EVENT, null)],
    ['a REST API with an empty identity', context({identity: {}})],
    ['a REST API without an identity', context({identity: null})],
    ['a load balancer', context({elb: {targetGroupArn: 'arn:aws:elasticloadbalancing:eu-west-1:1:tg'}})],
    [
      'a body that claims to be signed',
      url(
        {...EVENT, requestContext: {authorizer: {iam: {}}}},
        {
          requestContext: {http: {method: 'POST'}},
        },
      ),
    ],
  ])('through %s is 403 and nothing is run', async (_, event) => {
    let runs = 0;
    const answer = await answerHttp(event, async () => runs++);
    expect(parse(answer)).toMatchObject({
      statusCode: 403,
      body: {errorType: 'Unauthorized', errorMessage: expect.stringContaining('AWS_IAM')},
    });
    expect(runs).toBe(0);
  });
});

describe('a request with the secret', () => {
  const secret = 'the secret of the test';
  const anonymous = (headers: unknown) =>
    url(EVENT, {headers, requestContext: {accountId: 'anonymous', http: {method: 'POST'}}});

  it.each([
    ['of a function URL', {authorization: `Bearer ${secret}`}],
    ['of a REST API, which keeps the case of names', {Authorization: `Bearer ${secret}`}],
    ['in any case', {AUTHORIZATION: `bearer ${secret}`}],
  ])('%s is run', async (_, headers) => {
    const answer = await answerHttp(anonymous(headers), echo, {secret});
    expect(parse(answer)).toEqual({statusCode: 200, body: {echo: EVENT}});
  });

  it.each([
    ['without headers', undefined],
    ['with none of them', {}],
    ['with an empty one', {authorization: ''}],
    ['with a scheme alone', {authorization: 'Bearer '}],
    ['without a scheme', {authorization: secret}],
    ['with another scheme', {authorization: `Basic ${secret}`}],
    ['with another secret', {authorization: 'Bearer another secret of the test'}],
    ['with its beginning', {authorization: `Bearer ${secret.slice(0, -1)}`}],
    ['with more than it', {authorization: `Bearer ${secret}!`}],
    ['in another header', {'x-authorization': `Bearer ${secret}`}],
  ])('%s is 403, does not tell it, and nothing is run', async (_, headers) => {
    let runs = 0;
    const answer = await answerHttp(anonymous(headers), async () => runs++, {secret});
    expect(parse(answer)).toMatchObject({statusCode: 403, body: {errorType: 'Unauthorized'}});
    expect(answer.body).not.toContain(secret);
    expect(runs).toBe(0);
  });

  it.each([[undefined], [''], ['undefined']])('that nobody has set is none: %j', async (token) => {
    const event = anonymous({authorization: `Bearer ${token}`});
    expect(await answerHttp(event, echo)).toMatchObject({statusCode: 403});
  });
});

test.each([
  [true, url(EVENT)],
  [true, rest(EVENT, null)],
  [false, EVENT],
  [false, {...EVENT, requestContext: {authorizer: {iam: {}}}}],
  [false, {requestContext: null}],
  [false, {requestContext: 'text'}],
  [false, null],
  [false, undefined],
  [false, 'text'],
  [false, []],
])('is a request: %s', (expected, event) => {
  expect(isHttpEvent(event)).toBe(expected);
});

describe('the handler', () => {
  /** Tools that the code under test must not use. */
  const untouched = () => {
    const touched: string[] = [];
    const tool = (name: string) =>
      new Proxy({}, {get: (_, property) => void touched.push(`${name}.${String(property)}`)});
    const tools = {
      renderer: tool('renderer') as Renderer,
      storage: tool('storage') as Storage,
      engine: tool('engine') as Engine,
    };
    return {handler: createHandler(tools), touched};
  };

  it.each([
    [403, 'Unauthorized', rest(EVENT, null)],
    [400, 'BadEvent', url({...EVENT, numWorkers: 0})],
    [400, 'BadEvent', url({jobType: 'halfRender'})],
    [400, 'BadEvent', url([])],
  ])('answers a request with %i %s and starts nothing', async (statusCode, errorType, event) => {
    const {handler, touched} = untouched();
    const answer = parse((await handler(event)) as Awaited<ReturnType<typeof answerHttp>>);
    expect(answer).toMatchObject({statusCode, body: {errorType}});
    expect(touched).toEqual([]);
  });

  it('throws what is wrong with a plain event, and starts nothing', async () => {
    const {handler, touched} = untouched();
    await expect(handler({...EVENT, numWorkers: 1.5})).rejects.toMatchObject({
      name: 'BadEvent',
      message: expect.stringContaining('numWorkers is 1.5; it must be a whole number from 1 to 1000'),
    });
    await expect(handler({requestContext: null})).rejects.toMatchObject({name: 'BadEvent'});
    expect(touched).toEqual([]);
  });
});
