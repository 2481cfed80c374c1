import type {Context} from 'aws-lambda';
import {beforeEach, expect, it} from 'vitest';
import {createHandler, type HandlerTools} from '../../src/apps/handler/handler.ts';
import {RenderError} from '../../src/base/errors.ts';
import {logged, logJobs} from '../../src/observers/log.ts';
import type {Renderer} from '../../src/renderers/renderer.ts';
import {directoryStorage} from '../../src/storage/directory/directory.ts';
import type {Storage} from '../../src/storage/storage.ts';
import {ownTemporaryDirectory, scratch} from '../support/processes.ts';
import {jsonWritten} from '../support/standard-output.ts';
import {filmEvent, inProcess, testPicture} from '../support/test-picture.ts';

let storage: Storage;
beforeEach(() => {
  ownTemporaryDirectory();
  storage = directoryStorage({root: scratch()});
});

const context = {
  functionName: 'films',
  memoryLimitInMB: '3008',
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:1:function:films',
  awsRequestId: 'request-1',
  getRemainingTimeInMillis: () => 900_000,
} as Context;

const linesOf = (event: unknown, renderer: Renderer = testPicture(), tools: Partial<HandlerTools> = {}) => {
  const engine = inProcess({renderer, storage});
  const handler = logged(createHandler({renderer, storage, engine, watchers: [logJobs], ...tools}));
  return jsonWritten(() => handler(event, context).catch(() => undefined));
};

it('every line of a job names it, its invocation and its phase, and those of chunks the chunk and the try', async () => {
  let failures = 1;
  const real = testPicture();
  const renderer: Renderer = {
    ...real,
    async *render(order, options) {
      if (order.start > 0 && failures-- > 0) throw new RenderError('BrowserCrashed', 'gone');
      yield* real.render(order, options);
    },
  };
  const webhook = {url: 'https://receiver.example/private-path', secret: 'private, and long enough'};
  const pictures = {poster: 0, thumbnails: 2};
  const event = filmEvent({webhook, ...pictures, variables: {message: 'private words'}});
  const lines = await linesOf(event, renderer);
  for (const line of lines) {
    expect(line).toMatchObject({
      jobId: 'film',
      function_request_id: 'request-1',
      timestamp: expect.any(String),
    });
    expect(line).toHaveProperty('cold_start');
    if (line.message !== 'invoked') expect(line).toMatchObject({phase: expect.any(String)});
  }
  const said = lines.map(({message, chunk, attempt}) => [message, chunk, attempt]);
  for (const chunk of [0, 1, 2]) {
    expect(said).toContainEqual(['started', chunk, 1]);
    expect(said.filter(([message, of]) => message === 'done' && of === chunk)).toHaveLength(1);
  }
  expect(lines.find(({message}) => message === 'retrying')).toMatchObject({
    ...{level: 'WARN', attempt: 2, errorType: 'BrowserCrashed', phase: 'rendering'},
  });
  for (const name of ['tried', 'used']) expect(said.map(([message]) => message)).not.toContain(name);
  expect(lines.at(-2)).toMatchObject({
    ...{message: 'finished', frames: 23, poster: {key: 'renders/film.poster.jpg'}, thumbnails: {count: 2}},
  });
  expect(lines.at(-1)).toMatchObject({message: 'answered', state: 'finished'});
  const all = JSON.stringify(lines);
  for (const secret of ['private', 'resultUrl', 'file:']) expect(all).not.toContain(secret);
});

it('a worker says when it begins and ends, and which chunk and try it is', async () => {
  const lines = await linesOf({
    jobType: 'partialRender',
    jobId: 'film',
    workerId: 1,
    numWorkers: 2,
    attempt: 2,
  });
  expect(lines.map(({message}) => message)).toEqual(['invoked', 'answered']);
  for (const line of lines)
    expect(line).toMatchObject({jobId: 'film', chunk: 1, attempt: 2, phase: 'rendering'});
});

it.each([
  ['a job', filmEvent()],
  ['a worker', {jobType: 'partialRender', jobId: 'film', workerId: 1, numWorkers: 2}],
  ['an event that is none', {jobType: 'fullRender', jobId: 'film', numWorkers: 0}],
])('what %s fails of is one line of an error', async (_, event) => {
  const broken = {...testPicture(), plan: () => Promise.reject(new RenderError('SceneFailed', 'no paint'))};
  const errors = (await linesOf(event, broken)).filter(({level}) => level === 'ERROR');
  expect(errors).toEqual([
    expect.objectContaining({
      jobId: 'film',
      message: 'failed',
      errorType: expect.stringMatching(/^(SceneFailed|BadEvent)$/),
    }),
  ]);
});

it('a report that cannot be written is a warning that says why', async () => {
  const real = storage;
  const full = new RenderError('StorageUnavailable', 'the disk is full');
  storage = {
    ...real,
    put: (key, ...more) => (key.endsWith('report.html') ? Promise.reject(full) : real.put(key, ...more)),
  };
  const lines = await linesOf(filmEvent());
  expect(lines.find(({message}) => message === 'unreported')).toMatchObject({
    ...{
      level: 'WARN',
      errorType: 'StorageUnavailable',
      errorMessage: 'the disk is full. It was tried again for 3 s.',
    },
  });
  expect(lines.at(-1)).toMatchObject({message: 'answered', state: 'finished'});
});

it('of one invocation nothing is left in the lines of the next', async () => {
  await linesOf({jobType: 'partialRender', jobId: 'first', workerId: 1, numWorkers: 2});
  const [line] = await linesOf({jobType: 'check'});
  expect(line).not.toHaveProperty('jobId');
  expect(line).not.toHaveProperty('chunk');
});
