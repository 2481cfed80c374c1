import {once} from 'node:events';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {text} from 'node:stream/consumers';
import {afterEach, beforeEach, expect, it, vi} from 'vitest';
import {RenderError} from '../../../src/base/errors.ts';
import {cancelJob} from '../../../src/job/cancel-job.ts';
import {eventBus} from '../../../src/observers/event-bus.ts';
import {send, storage, watched} from '../../support/jobs.ts';

/** Entries that EventBridge was sent, and what it answers. */
let put: Record<string, string>[] = [];
let answer: {status: number; body: object};
const server = createServer(async (request, response) => {
  expect(request.headers['x-amz-target']).toBe('AWSEvents.PutEvents');
  put.push(...JSON.parse(await text(request)).Entries);
  response.writeHead(answer.status, {'content-type': 'application/x-amz-json-1.1'});
  response.end(JSON.stringify(answer.body));
});

beforeEach(async () => {
  put = [];
  answer = {status: 200, body: {FailedEntryCount: 0, Entries: [{EventId: '1'}]}};
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const {port} = server.address() as AddressInfo;
  vi.stubEnv('AWS_ENDPOINT_URL_EVENTBRIDGE', `http://127.0.0.1:${port}`);
  for (const name of ['AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'])
    vi.stubEnv(name, 'us-east-1');
});
afterEach(() => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  server.close();
});

const undelivered: object[] = [];
const telling = () => {
  const {watch, ...messenger} = eventBus({
    bus: 'films',
    storage,
    onUndelivered: (what) => undelivered.push(what),
  });
  return {watchers: [watch], messenger};
};

it('a bus is told of a film once, without an address that lets anybody read it', async () => {
  const result = await send({poster: 0}, telling());
  await Promise.all([send({poster: 0}, telling()), send({poster: 0}, telling())]);
  expect(put).toHaveLength(1);
  expect(put[0]).toMatchObject({
    ...{EventBusName: 'films', Source: 'revideo-lambda', DetailType: 'Revideo job finished'},
  });
  const {resultUrl: _, ...bare} = result as typeof result & {resultUrl: string};
  const poster = {key: 'renders/film.poster.jpg'};
  expect(JSON.parse(put[0]?.Detail ?? '')).toEqual({jobId: 'film', run: 1, result: {...bare, poster}});
  expect(put[0]?.Detail).not.toContain('file:');
});

it('a bus is told of a job that failed, and why', async () => {
  const plan = () => Promise.reject(new RenderError('SceneFailed', 'no paint'));
  await expect(send({}, {...telling(), renderer: {...watched(), plan}})).rejects.toThrow();
  expect(put.map(({DetailType, Detail = ''}) => [DetailType, JSON.parse(Detail)])).toEqual([
    [
      'Revideo job failed',
      {jobId: 'film', run: 1, error: {errorType: 'SceneFailed', errorMessage: 'no paint'}},
    ],
  ]);
});

it('a bus is told of a job that is cancelled, by whoever cancels it or renders it', async () => {
  let cancelling: Promise<unknown> | undefined;
  const onEvent = ({state}: {state: string}) => {
    if (state === 'started')
      cancelling ??= cancelJob(
        {jobType: 'cancel', jobId: 'film'},
        {storage, ...telling()},
        new AbortController().signal,
      );
  };
  await expect(send({}, {...telling(), onEvent})).rejects.toMatchObject({name: 'Cancelled'});
  await cancelling;
  expect(put.map(({DetailType}) => DetailType)).toEqual(['Revideo job cancelled']);
});

it.each([
  [
    'refuses the event',
    {status: 200, body: {FailedEntryCount: 1, Entries: [{ErrorCode: 'InternalFailure'}]}},
  ],
  ['refuses the request', {status: 400, body: {__type: 'AccessDeniedException', message: 'no'}}],
])('a bus that %s ends no job', async (_, said) => {
  answer = said;
  undelivered.length = 0;
  expect(await send({}, telling())).toMatchObject({state: 'finished'});
  expect(undelivered).toEqual([
    {
      jobId: 'film',
      id: 'film-1-success',
      reason: expect.stringMatching(/^(InternalFailure|AccessDeniedException)$/),
    },
  ]);
});
