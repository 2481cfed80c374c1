import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {RenderError} from '../../src/base/errors.ts';
import {parseEvent} from '../../src/model/parse-event.ts';

const full = {
  jobType: 'fullRender',
  jobId: '12345',
  numWorkers: 25,
  variables: {message: 'Hello from Revideo!'},
};
const partial = {jobType: 'partialRender', jobId: '12345', workerId: 3, numWorkers: 25, variables: {}};
const chunk = {start: 0, end: 10, segments: [4, 6], content: 'a'.repeat(32), run: 1};

function refusal(event: unknown): string {
  try {
    parseEvent(event);
  } catch (error) {
    expect(error).toBeInstanceOf(RenderError);
    expect((error as RenderError).name).toBe('BadEvent');
    expect((error as RenderError).retryable).toBe(false);
    return (error as RenderError).message;
  }
  throw new Error(`accepted: ${JSON.stringify(event)}`);
}

it('a webhook that is wrong is named, and neither its address nor its secret is told', () => {
  const wrong = [
    {url: 'ftp://private.example/hook', secret: 'a secret of sixteen letters'},
    {url: 'https://private.example/hook', secret: 'too-private'},
    {url: 'https://private.example/hook', secret: 'a secret of private.', other: 1},
    {url: 'https://private.example/hook', secret: 'a secret of private.', secretName: 'ORDERS'},
    {url: 'https://private.example/hook', secretName: 'private'},
    'https://private.example',
  ];
  for (const webhook of wrong) {
    const request = {webhook};
    for (const event of [
      {...full, webhook},
      {jobType: 'status', jobId: 'a', request},
    ]) {
      expect(refusal(event)).toMatch(/webhook(\.\w+)? cannot be used; it must be/);
      expect(refusal(event)).not.toContain('private');
    }
  }
});

describe('an event that is allowed', () => {
  it.each([
    ["the original's test event", full],
    ['nothing but the type', {jobType: 'fullRender'}],
    ['a partial render as a person writes it', partial],
    ['a partial render as the orchestrator writes it', {...partial, chunk}],
    ['1 and 1000 workers', {...full, numWorkers: 1000}],
    ['a jobId of 128 characters', {...full, jobId: 'a'.repeat(128)}],
  ])('%s', (_, event) => {
    expect(parseEvent(event)).toMatchObject(event);
  });

  it('names no variables unless it is given some: none are not the same as those that the project has', () => {
    expect(parseEvent({jobType: 'fullRender', variables: {}})).toMatchObject({variables: {}});
    expect(parseEvent({jobType: 'fullRender'})).toStrictEqual({
      jobType: 'fullRender',
      variablesStored: false,
      frameHashes: false,
      quality: 'cheapest',
      silentTrack: true,
    });
  });

  it('keeps any JSON of the variables as it is', () => {
    const keys = fc.oneof(fc.string(), fc.constant('__proto__'));
    const objects = fc.array(fc.tuple(keys, fc.jsonValue())).map(Object.fromEntries);
    fc.assert(
      fc.property(objects, objects, (variables, nested) => {
        const webhook = {url: 'https://example.org/', customData: nested};
        const event = JSON.parse(JSON.stringify({...full, variables: {...variables, nested}, webhook}));
        const parsed = parseEvent(event) as {variables?: unknown; webhook?: unknown};
        expect(JSON.stringify(parsed.variables)).toBe(JSON.stringify(event.variables));
        expect(JSON.stringify(parsed.webhook)).toBe(JSON.stringify(event.webhook));
      }),
    );
  });
});

describe('an event that is refused names field, value and what is allowed', () => {
  const workers = 'it must be a whole number from 1 to 1000.';
  it.each([
    [{...full, numWorkers: 0}, `numWorkers is 0; ${workers}`],
    [{...full, numWorkers: 1.5}, `numWorkers is 1.5; ${workers}`],
    [{...full, numWorkers: -1}, `numWorkers is -1; ${workers}`],
    [{...full, numWorkers: 1001}, `numWorkers is 1001; ${workers}`],
    [{...full, numWorkers: '25'}, `numWorkers is "25"; ${workers}`],
    [{...full, numWorkers: Number.NaN}, `numWorkers is NaN; ${workers}`],
    [{...full, numWorkers: null}, `numWorkers is null; ${workers}`],
    [{...full, jobId: 'a/b'}, 'jobId is "a/b"; it must be 1 to 128 characters'],
    [{...full, jobId: '..'}, 'jobId is ".."; it must be'],
    [{...full, jobId: ''}, 'jobId is ""; it must be'],
    [{...full, jobId: 'a'.repeat(129)}, 'it must be 1 to 128 characters'],
    [{...full, jobId: 5}, 'jobId is 5; it must be'],
    [{...full, quality: 'ultra'}, 'quality is "ultra"; it must be "cheapest", "balanced" or "best".'],
    [{...partial, quality: 1}, 'quality is 1; it must be "cheapest", "balanced" or "best".'],
    [{...full, maxCost: 0}, 'maxCost is 0; it must be a number of US dollars above 0, at most 10000.'],
    [{...full, silentTrack: 'no'}, 'silentTrack is "no"; it must be true or false.'],
    [{...full, variables: []}, 'variables is []; it must be a JSON object.'],
    [{...full, variables: 'x'}, 'variables is "x"; it must be a JSON object.'],
    [{...full, variables: null}, 'variables is null; it must be a JSON object.'],
    [
      {...full, jobType: 'render'},
      'jobType is "render"; it must be "fullRender", "partialRender", "cancel", "status" or "check".',
    ],
    [
      {jobId: '1'},
      'jobType is missing; it must be "fullRender", "partialRender", "cancel", "status" or "check".',
    ],
    [
      {...full, workers: 3},
      'workers: not a field of this event; its fields are jobType, jobId, numWorkers, variables, variablesStored, frameHashes, quality, silentTrack, poster, thumbnails, expiresIn, maxCost, expireAfter, output, webhook.',
    ],
    [{jobType: 'check', jobId: '1'}, 'jobId: not a field of this event; its fields are jobType.'],
    [{jobType: 'status'}, 'jobId is missing; it must be 1 to 128 characters'],
    [{jobType: 'status', jobId: '../x'}, 'jobId is "../x"; it must be 1 to 128 characters'],
    [
      {jobType: 'status', jobId: '1', invocation: '../x'},
      'invocation is "../x"; it must be 1 to 64 characters',
    ],
    [
      {jobType: 'status', jobId: '1', request: {numWorkers: 0}},
      'request.numWorkers is 0; it must be an object',
    ],
    [
      {jobType: 'status', jobId: '1', verbose: true},
      'verbose: not a field of this event; its fields are jobType, jobId, invocation, request.',
    ],
    [{...partial, jobId: undefined}, 'jobId is missing; it must be'],
    [{...partial, workerId: 25}, 'workerId is 25; it must be a whole number from 0 to numWorkers - 1.'],
    [{...partial, workerId: -1}, 'workerId is -1; it must be'],
    [{...partial, numWorkers: undefined}, `numWorkers is missing; ${workers}`],
    [{...partial, chunk: {...chunk, start: 10}}, 'chunk is'],
    [{...partial, chunk: {...chunk, segments: [4, 5]}}, 'chunk.segments is'],
    [
      {...partial, chunk: {...chunk, content: '../../renders'}},
      'chunk.content is "../../renders"; it must be',
    ],
    ['a string', 'It is "a string"; an event is a JSON object'],
    [null, 'It is null; an event is a JSON object'],
    [[full], 'an event is a JSON object'],
  ])('%j', (event, message) => {
    expect(refusal(event)).toContain(message);
  });

  it('refuses variables that are nested deeper than a browser takes them', () => {
    const nested = (depth: number) => JSON.parse(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`);
    expect(parseEvent({...full, variables: nested(90)})).toMatchObject({jobId: '12345'});
    expect(refusal({...full, variables: nested(5000)})).toContain('more than 100 levels deep');
  });

  it('names every wrong field at once', () => {
    const message = refusal({...full, numWorkers: 0, jobId: '/'});
    expect(message).toContain('numWorkers');
    expect(message).toContain('jobId');
  });

  it('never repeats a whole set of variables', () => {
    const secret = 'hunter2'.repeat(100);
    expect(refusal({...full, variables: {deep: undefined, secret}, numWorkers: 0})).not.toContain(secret);
    expect(refusal({...full, variables: secret})).not.toContain(secret);
  });
});
