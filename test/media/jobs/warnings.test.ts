import {expect, it} from 'vitest';
import {showJob} from '../../../src/apps/cli/display/from-events.ts';
import {createHandler} from '../../../src/apps/handler/handler.ts';
import {cleanWarnings} from '../../../src/base/warnings.ts';
import {renderChunk} from '../../../src/job/render-chunk.ts';
import type {JobEvent} from '../../../src/model/job-events.ts';
import {logged, logJobs} from '../../../src/observers/log.ts';
import type {Renderer} from '../../../src/renderers/renderer.ts';
import {send, storage} from '../../support/jobs.ts';
import {jsonWritten} from '../../support/standard-output.ts';
import {filmEvent, inProcess, testPicture} from '../../support/test-picture.ts';

const NEVER = new AbortController().signal;

/** Warns of the film, and in each chunk of what all chunks see and of what it alone sees. */
function warning(): Renderer {
  const real = testPicture();
  return {
    ...real,
    plan: async (...asked) => ({...(await real.plan(...asked)), warnings: ['of the film']}),
    async *render(order, options) {
      for await (const file of real.render(order, options))
        yield {...file, warnings: ['of all', `of ${order.start}`]};
    },
  };
}

const ALL = ['of the film', 'of all', 'of 0', 'of 7', 'of 15'];

it('the warnings of a film are in its result, in its order, each once', async () => {
  const events: JobEvent[] = [];
  const renderer = warning();
  const result = await send({}, {renderer, onEvent: (event) => events.push(event)});
  expect(result).toMatchObject({warnings: ALL});
  expect(events.flatMap((event) => (event.state === 'warned' ? event.message : []))).toEqual(ALL);
});

it('they are the same where chunks are found, and where the job is asked for again', async () => {
  const renderer = warning();
  await send({}, {renderer});
  expect(await send({}, {renderer})).toMatchObject({warnings: ALL});
  const found = await send({jobId: 'another'}, {renderer});
  expect(found).toMatchObject({warnings: ALL, chunks: {rendered: 0, reused: 3}});
});

it('the command line shows each once, also of a job that was finished before', async () => {
  const shown: string[] = [];
  const nothing = () => {};
  const {onEvent} = showJob({show: nothing, note: nothing, warn: (message) => shown.push(message)});
  const renderer = warning();
  await send({}, {renderer});
  await send({}, {renderer, onEvent});
  expect(shown).toEqual(ALL);
});

it('the log has each at the level of a warning', async () => {
  const renderer = warning();
  const tools = {renderer, storage, engine: inProcess({renderer, storage}), watchers: [logJobs]};
  const lines = await jsonWritten(() => logged(createHandler(tools))(filmEvent()));
  const warned = lines.filter(({message}) => message === 'warned');
  expect(warned.map(({level, warning}) => [level, warning])).toEqual(ALL.map((one) => ['WARN', one]));
});

it('a worker answers with its own', async () => {
  const renderer = warning();
  const event = {
    ...filmEvent(),
    jobType: 'partialRender',
    jobId: 'film',
    workerId: 1,
    numWorkers: 3,
  } as const;
  const answer = await renderChunk({...event, attempt: 1}, {renderer, storage}, {signal: NEVER});
  expect(answer.warnings).toEqual(['of all', 'of 7']);
});

it('a warning is one line of 500 characters at most, without secrets and without control characters', () => {
  const [line = '', ...more] = cleanWarnings([
    'a\nb \u001b[31mred\u001b[39m https://host/clip.mp4?sign\u0001ature=private',
    'a b red https://host/clip.mp4?signature=another',
    '',
  ]);
  expect(line).toBe('a b red https://host/clip.mp4?…');
  expect(more).toEqual([]);
  expect(cleanWarnings([`${'x'.repeat(490)} https://host/?private`.repeat(1000)])[0]).toHaveLength(500);
  expect(cleanWarnings(Array.from({length: 100}, (_, index) => `${index}`))).toHaveLength(20);
});
