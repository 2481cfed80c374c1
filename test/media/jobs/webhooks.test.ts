import type {lookup} from 'node:dns';
import {text} from 'node:stream/consumers';
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {verifyWebhook} from '../../../src/apps/client/index.ts';
import {RenderError} from '../../../src/base/errors.ts';
import {readPrivateHosts} from '../../../src/base/network/private-hosts.ts';
import {cancelJob} from '../../../src/job/cancel-job.ts';
import type {JobContext} from '../../../src/job/context.ts';
import {jobStatus} from '../../../src/job/job-status.ts';
import type {JobPolicy} from '../../../src/job/policy.ts';
import type {JobPorts} from '../../../src/job/ports.ts';
import {claimRun} from '../../../src/job/runs/records.ts';
import type {FullRender} from '../../../src/model/event.ts';
import {messageKey, runKey} from '../../../src/model/keys.ts';
import {tellOnce} from '../../../src/observers/tell/once.ts';
import type {WebhookOptions} from '../../../src/observers/webhook/options.ts';
import {webhooks} from '../../../src/observers/webhook/webhooks.ts';
import {listAll} from '../../../src/storage/list-all.ts';
import type {Storage} from '../../../src/storage/storage.ts';
import {drawn, send, storage, watched} from '../../support/jobs.ts';
import {type Receiver, startReceiver} from '../../support/receiver.ts';
import {inProcess} from '../../support/test-picture.ts';

// A clock that runs a hundred times faster: the pauses between two tries are the real ones.
beforeEach(() => {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout'],
    shouldAdvanceTime: true,
    advanceTimeDelta: 2_000,
  });
});
afterEach(() => {
  vi.useRealTimers();
});

const secret = 'sixteen letters, at least';
const {signal} = new AbortController();

/** The function's settings for webhooks of this receiver. */
function telling({host}: Pick<Receiver, 'host'>, options: Partial<WebhookOptions> = {}) {
  const {watch, ...messenger} = webhooks({storage, privateHosts: readPrivateHosts(host), ...options});
  return {watchers: [watch], messenger} satisfies Partial<JobPorts & JobPolicy>;
}

const sendTo = (
  receiver: Receiver,
  request: Partial<FullRender> = {},
  tools: Partial<JobPorts & JobPolicy> = {},
  options: Partial<JobContext> = {},
) =>
  send(
    {webhook: {url: receiver.url, secret, customData: {order: 7}}, ...request},
    {...telling(receiver), ...tools},
    options,
  );

/** Everything that is kept of jobs, as text. */
const records = async () => {
  const keys = (await listAll('jobs/', {storage})).map(({key}) => key);
  return (await Promise.all(keys.map(async (key) => text(await storage.get(key))))).join();
};

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

describe('a webhook that does not hear', () => {
  it('is told again what another try may help with, by the same name', async () => {
    const receiver = await startReceiver((response, which) =>
      response.writeHead(which < 3 ? 500 : 200).end('x'.repeat(100_000)),
    );
    await sendTo(receiver, {}, telling(receiver, {progressEvery: Infinity}));
    const ends = receiver.ends();
    expect(ends.map(({event}) => event.id)).toEqual(Array(3).fill('film-1-success'));
  });

  it.each([
    ['says 500', (response: {writeHead(status: number): {end(): void}}) => response.writeHead(500).end(), 3],
    ['says 400', (response: {writeHead(status: number): {end(): void}}) => response.writeHead(400).end(), 1],
    ['says nothing', () => {}, 3],
  ])('and %s ends nothing but the telling', async (_, answer, times) => {
    const receiver = await startReceiver(answer as never);
    const unheard: object[] = [];
    const onUnheard = (what: object) => unheard.push(what);
    const options = {limit: 200, onUnheard, progressEvery: Infinity};
    expect(await sendTo(receiver, {}, telling(receiver, options))).toMatchObject({state: 'finished'});
    expect(receiver.ends()).toHaveLength(times);
    expect(unheard).toEqual([{jobId: 'film', id: 'film-1-success', reason: expect.any(String)}]);
    expect(JSON.stringify(unheard)).not.toContain('private');
    // An abandoned message is not sent again.
    await sendTo(receiver, {}, telling(receiver, options));
    expect(receiver.ends()).toHaveLength(times);
    expect(await records()).not.toContain(secret);
  });

  it('is not followed to where it redirects', async () => {
    const elsewhere = await startReceiver();
    const receiver = await startReceiver((response) =>
      response.writeHead(307, {location: elsewhere.url}).end(),
    );
    await sendTo(receiver, {}, telling({host: `${receiver.host},${elsewhere.host}`}));
    expect(receiver.ends()).toHaveLength(1);
    expect(elsewhere.received).toEqual([]);
  });
});

describe('a webhook that may not be reached', () => {
  it.each([
    'http://127.0.0.1:9/hook?token=private',
    'http://[::ffff:10.0.0.7]/hook',
    'http://localhost./hook',
    'http://169.254.169.254/latest/meta-data',
    'http://internal.example/hook',
    'http://',
  ])('%s is a bad event, and nothing is begun', async (url) => {
    const resolve = ((_name: string, _options: object, found: (...all: unknown[]) => void) =>
      found(null, [{address: '10.0.0.7', family: 4}])) as unknown as typeof lookup;
    const refused = send({webhook: {url}}, telling({host: ''}, {resolve}));
    await expect(refused).rejects.toMatchObject({
      name: 'BadEvent',
      message: expect.stringMatching(/webhook\.url cannot be used: /),
    });
    await expect(refused).rejects.not.toThrow('token');
    expect(await listAll('', {storage})).toEqual([]);
  });

  it('is not reached either where its name leads there only later', async () => {
    const receiver = await startReceiver();
    let asked = 0;
    const resolve = ((_name: string, _options: object, found: (...all: unknown[]) => void) =>
      found(null, [
        {address: asked++ === 0 ? '1.1.1.1' : '127.0.0.1', family: 4},
      ])) as unknown as typeof lookup;
    const reasons: string[] = [];
    const onUnheard = ({reason}: {reason: string}) => void reasons.push(reason);
    const url = receiver.url.replace('127.0.0.1', 'rebound.example');
    const tools = telling({host: ''}, {resolve, onUnheard});
    expect(await send({webhook: {url}}, tools)).toMatchObject({state: 'finished'});
    expect(reasons).toEqual(['its address may not be reached']);
    expect(receiver.received).toEqual([]);
    expect(asked).toBeGreaterThan(1);
  });
});

describe('an end that its orchestrator did not live to tell', () => {
  const kept = (receiver: Receiver) =>
    storage.put(runKey('film', 1, 'webhook'), JSON.stringify({url: receiver.url, secret}));
  const status = (receiver: Receiver) =>
    jobStatus({jobType: 'status', jobId: 'film'}, {storage, ...telling(receiver)}, signal);
  const claimed = (at: number, claim = 1) =>
    storage.put(
      messageKey('film', 'webhook-1-success', claim),
      JSON.stringify({owner: 'another', state: 'telling', at: new Date(at).toISOString()}),
    );

  it('is told by whoever asks for the job, once, and with an address', async () => {
    const receiver = await startReceiver();
    await send();
    await kept(receiver);
    await Promise.all([status(receiver), status(receiver)]);
    await status(receiver);
    expect(receiver.received.map(({event}) => event)).toMatchObject([
      {id: 'film-1-success', result: {resultUrl: expect.stringMatching(/^file:/)}},
    ]);
    expect(await records()).not.toContain(secret);
  });

  it('is left to whoever tells it just now, and told where that one has died', async () => {
    const receiver = await startReceiver();
    await send();
    await kept(receiver);
    await claimed(Date.now());
    await status(receiver);
    expect(receiver.received).toEqual([]);
    await claimed(Date.now() - 3_600_000);
    await Promise.all([status(receiver), status(receiver)]);
    expect(receiver.ends().map(({event}) => event.id)).toEqual(['film-1-success']);
  });

  it.each([true, false])('is told by whoever cancels it, also between two runs: %s', async (between) => {
    const receiver = await startReceiver();
    const place = {storage, jobId: 'film', signal};
    await claimRun(place, {number: 1, claim: {owner: 'dead', identity: {}, root: 1, handedOver: 0}});
    await kept(receiver);
    if (between)
      await storage.put(runKey('film', 1, 'outcome'), '{"state":"handedOver","owner":"dead","inFlight":[]}');
    await storage.put(runKey('film', 1, 'beat'), '{"ended":true}');
    const cancel = () =>
      cancelJob({jobType: 'cancel', jobId: 'film'}, {storage, ...telling(receiver)}, signal);
    await cancel();
    await cancel();
    expect(receiver.types()).toEqual(['cancelled']);
    expect(receiver.received[0]?.event).toMatchObject({error: {errorType: 'Cancelled'}});
    expect(await records()).not.toContain(secret);
  });
});
