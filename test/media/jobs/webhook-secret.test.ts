import {text} from 'node:stream/consumers';
import {expect, it} from 'vitest';
import {verifyWebhook} from '../../../src/apps/client/index.ts';
import {readConfig} from '../../../src/apps/config.ts';
import {RenderError} from '../../../src/base/errors.ts';
import {readPrivateHosts} from '../../../src/base/network/private-hosts.ts';
import type {JobContext} from '../../../src/job/context.ts';
import type {JobPolicy} from '../../../src/job/policy.ts';
import type {JobPorts} from '../../../src/job/ports.ts';
import type {FullRender} from '../../../src/model/event.ts';
import {webhooks} from '../../../src/observers/webhook/webhooks.ts';
import {listAll} from '../../../src/storage/list-all.ts';
import {send, storage, watched} from '../../support/jobs.ts';
import {type Receiver, startReceiver} from '../../support/receiver.ts';
import {inProcess} from '../../support/test-picture.ts';

const secret = 'sixteen letters, at least';
const webhookSecrets = {ORDERS: secret};

const sendTo = (
  {host}: Pick<Receiver, 'host'>,
  webhook: FullRender['webhook'],
  tools: Partial<JobPorts & JobPolicy> = {},
  options: Partial<JobContext> = {},
) => {
  const privateHosts = readPrivateHosts(host);
  const {watch, ...messenger} = webhooks({
    storage,
    privateHosts,
    secrets: webhookSecrets,
    ...(tools.storage && {storage: tools.storage}),
  });
  return send({webhook}, {watchers: [watch], messenger, ...tools}, options);
};

/** Everything that was ever put under `jobs/`, as text. */
function noted(): {tools: Partial<JobPorts & JobPolicy>; written: () => string} {
  const all: string[] = [];
  const put: typeof storage.put = (key, body, options) => {
    if (typeof body === 'string') all.push(body);
    return storage.put(key, body, options);
  };
  return {tools: {storage: {...storage, put}}, written: () => all.join()};
}

it('a webhook is signed with a secret that the function has: event, records and hand-over have its name', async () => {
  const receiver = await startReceiver();
  const renderer = watched();
  const engine = {...inProcess({renderer, storage}), concurrency: 1};
  const late = new AbortController();
  const started: FullRender[] = [];
  const handOver = {signal: late.signal, start: async (event: FullRender) => void started.push(event)};
  const {tools, written} = noted();
  const onEvent = ({state}: {state: string}) =>
    state === 'rendering' && late.abort(new RenderError('TimedOut', 'late'));
  const webhook = {url: receiver.url, secretName: 'ORDERS'};
  await sendTo(receiver, webhook, {...tools, renderer, engine, onEvent}, {handOver});
  expect(started[0]?.webhook).toEqual(webhook);
  await sendTo(receiver, started[0]?.webhook, {...tools, renderer, engine});
  expect(receiver.types()).toEqual(['progress', 'success']);
  for (const {headers, body} of receiver.received)
    expect(() => verifyWebhook({body, signature: headers['x-revideo-signature'], secret})).not.toThrow();
  // Short, where it is not so.
  expect(['ORDERS', secret].map((word) => written().includes(word))).toEqual([true, false]);
});

it.each(['OTHERS', 'constructor'])(
  'a name that the function has no secret for (%s) is a bad event',
  async (secretName) => {
    const receiver = await startReceiver();
    await expect(sendTo(receiver, {url: receiver.url, secretName})).rejects.toMatchObject({
      name: 'BadEvent',
      message: expect.stringContaining(`must have the variable REVIDEO_WEBHOOK_SECRET_${secretName},`),
    });
    expect(await listAll('', {storage})).toEqual([]);
    expect(receiver.received).toEqual([]);
  },
);

it('a secret in the event still signs; on Lambda it is warned of, and no hand-over sends it', async () => {
  const receiver = await startReceiver();
  const renderer = watched();
  const lambda = {...inProcess({renderer, storage}), name: 'lambda', concurrency: 1};
  const late = new AbortController();
  const started: FullRender[] = [];
  const handOver = {signal: late.signal, start: async (event: FullRender) => void started.push(event)};
  const said: unknown[] = [];
  const onEvent = (event: {state: string}) => {
    said.push(event);
    if (event.state === 'rendering') late.abort(new RenderError('TimedOut', 'late'));
  };
  const webhook = {url: receiver.url, secret};
  await sendTo(receiver, webhook, {renderer, engine: lambda, onEvent}, {handOver});
  const message = expect.stringMatching(
    /^webhook\.secret is part of the event, .* send webhook\.secretName\.$/,
  );
  expect(said).toContainEqual({state: 'warned', message});
  expect(JSON.stringify(started)).not.toContain(secret);
  // The next run has it from the run before.
  await sendTo(receiver, started[0]?.webhook, {renderer, engine: {...lambda, name: 'here'}});
  const [end] = receiver.ends();
  const signature = end?.headers['x-revideo-signature'];
  expect(verifyWebhook({body: end?.body ?? '', signature, secret})).toMatchObject({type: 'success'});
  const keys = (await listAll('jobs/', {storage})).map(({key}) => key);
  expect((await Promise.all(keys.map(async (key) => text(await storage.get(key))))).join()).not.toContain(
    secret,
  );
});

it('the environment has secrets by their names, and a bad one is named but not quoted', () => {
  const environment = {REVIDEO_WEBHOOK_SECRET_ORDERS: secret, REVIDEO_WEBHOOK_SECRET_NONE: ''};
  expect(readConfig(environment).webhookSecrets).toEqual(webhookSecrets);
  expect(() => readConfig({REVIDEO_WEBHOOK_SECRET_ORDERS: 'short'})).toThrow(
    'REVIDEO_WEBHOOK_SECRET_ORDERS cannot be used; it must be 16 to 256 characters long.',
  );
});
