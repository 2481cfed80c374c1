import {describe, expect, it} from 'vitest';
import {verifyWebhook} from '../../../src/apps/client/index.ts';
import {RenderError} from '../../../src/base/errors.ts';
import {cancelJob} from '../../../src/job/cancel-job.ts';
import {jobStatus} from '../../../src/job/job-status.ts';
import type {FullRender} from '../../../src/model/event.ts';
import {tellOnce} from '../../../src/observers/tell/once.ts';
import type {Storage} from '../../../src/storage/storage.ts';
import {drawn, send, storage, watched} from '../../support/jobs.ts';
import {startReceiver} from '../../support/receiver.ts';
import {inProcess} from '../../support/test-picture.ts';
import {records, secret, sendTo, signal, telling} from '../../support/webhooks.ts';

describe('a webhook', () => {
  it.each([
    ['me:pass%3Aword@', 'me:pass:word'],
    ['me@', 'me:'],
    ['me:100%@', 'me:100%'],
  ])('with a user and a password (%s) is told with them in a header', async (user, told) => {
    const receiver = await startReceiver();
    const url = receiver.url.replace('//', `//${user}`);
    expect(await sendTo(receiver, {webhook: {url, secret}})).toMatchObject({state: 'finished'});
    expect(receiver.types()).toEqual(['progress', 'success']);
    const [, encoded = ''] = receiver.received[0]?.headers.authorization?.split('Basic ') ?? [];
    expect(Buffer.from(encoded, 'base64').toString()).toBe(told);
  });

  it('is told of progress and of the film, signed; and neither address nor secret stays', async () => {
    const receiver = await startReceiver();
    const result = await sendTo(receiver);
    expect(receiver.types()).toEqual(['progress', 'success']);
    for (const {headers, body} of receiver.received) {
      const signature = headers['x-revideo-signature'];
      const event = verifyWebhook({body, signature, secret});
      expect(event).toMatchObject({jobId: 'film', run: 1, customData: {order: 7}});
      expect([headers['x-revideo-event-id'], headers['x-revideo-event']]).toEqual([event.id, event.type]);
      expect(() => verifyWebhook({body, signature, secret: `${secret}!`})).toThrow('not signed with this');
    }
    expect(receiver.received[0]?.event).toMatchObject({progress: {phase: 'rendering', frames: 23}});
    expect(receiver.ends()[0]?.event).toMatchObject({id: 'film-1-success', result});
    const kept = await records();
    expect(kept).not.toContain(secret);
    expect(kept).not.toContain('token=private');
    expect(kept).not.toContain('"order"');
  });

  it('is told once, however often the same is asked for, at once and later', async () => {
    const receiver = await startReceiver();
    await Promise.all([sendTo(receiver), sendTo(receiver)]);
    await sendTo(receiver);
    await jobStatus({jobType: 'status', jobId: 'film'}, {storage, ...telling(receiver)}, signal);
    expect(receiver.ends()).toHaveLength(1);
  });

  it('is told also where two storage writes at the same moment both lost, once', async () => {
    const place = {jobId: 'film', message: 'webhook-1-success', signal};
    let conflicts = 1;
    const put: Storage['put'] = (key, body, options) =>
      options?.ifAbsent && conflicts-- > 0
        ? Promise.reject(new RenderError('StorageConflict', 'a conditional request was running'))
        : storage.put(key, body, options);
    let told = 0;
    const tell = async () => Boolean(++told);
    for (let time = 0; time < 2; time++)
      expect(await tellOnce({...place, storage: {...storage, put}}, tell)).toBe(true);
    expect(told).toBe(1);
  });

  it('of a request for a film that is there, which told nobody then, is told', async () => {
    await send();
    const receiver = await startReceiver();
    await sendTo(receiver);
    await sendTo(receiver);
    expect(receiver.types()).toEqual(['success']);
    expect(drawn).toHaveLength(3);
  });

  it('is told once where the job is handed over, and not more often of progress', async () => {
    const receiver = await startReceiver();
    const renderer = watched();
    const late = new AbortController();
    const started: FullRender[] = [];
    const handOver = {signal: late.signal, start: async (event: FullRender) => void started.push(event)};
    const engine = {...inProcess({renderer, storage}), concurrency: 1};
    const onEvent = ({state}: {state: string}) =>
      state === 'rendering' && late.abort(new RenderError('TimedOut', 'late'));
    await sendTo(receiver, {}, {renderer, engine, onEvent}, {handOver});
    expect(receiver.types()).toEqual(['progress']);
    // The next run may have it from the event, or from the run before.
    await sendTo(receiver, {...started[0], webhook: undefined}, {renderer, engine});
    expect(receiver.types()).toEqual(['progress', 'success']);
    expect(receiver.ends()[0]?.event).toMatchObject({id: 'film-2-success', result: {handedOver: 1}});
    expect(await records()).not.toContain(secret);
  });

  it('may be told of progress more often where nothing says otherwise', async () => {
    const receiver = await startReceiver();
    await sendTo(receiver, {}, telling(receiver, {progressEvery: 0}));
    const ids = receiver.received.map(({event}) => event.id);
    expect(ids.filter((id) => id.includes('progress')).length).toBeGreaterThan(1);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.at(-1)).toBe('film-1-success');
  });

  it.each([
    ['SceneFailed', 'failure'],
    ['TimedOut', 'timeout'],
  ] as const)('is told of a job that ends with %s as %s', async (name, type) => {
    const receiver = await startReceiver();
    const renderer = {...watched(), plan: () => Promise.reject(new RenderError(name, 'the paint ran out'))};
    const outcome = sendTo(receiver, {}, {renderer, attempts: 1});
    await expect(outcome).rejects.toMatchObject({name});
    expect(receiver.ends().map(({event}) => event)).toMatchObject([
      {type, id: `film-1-${type}`, error: {errorType: name, errorMessage: expect.any(String)}},
    ]);
  });

  it('is told of a job that is cancelled, by whoever renders it or whoever cancels it', async () => {
    const receiver = await startReceiver();
    const tools = telling(receiver);
    let cancelling: Promise<unknown> | undefined;
    const onEvent = ({state}: {state: string}) => {
      if (state === 'started')
        cancelling ??= cancelJob({jobType: 'cancel', jobId: 'film'}, {storage, ...tools}, signal);
    };
    await expect(sendTo(receiver, {}, {...tools, onEvent})).rejects.toMatchObject({name: 'Cancelled'});
    await cancelling;
    await cancelJob({jobType: 'cancel', jobId: 'film'}, {storage, ...tools}, signal);
    expect(receiver.ends().map(({event}) => event.id)).toEqual(['film-1-cancelled']);
  });
});
