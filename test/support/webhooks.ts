import {text} from 'node:stream/consumers';
import {afterEach, beforeEach, vi} from 'vitest';
import {readPrivateHosts} from '../../src/base/network/private-hosts.ts';
import type {JobContext} from '../../src/job/context.ts';
import type {JobPolicy} from '../../src/job/policy.ts';
import type {JobPorts} from '../../src/job/ports.ts';
import type {FullRender} from '../../src/model/event.ts';
import type {WebhookOptions} from '../../src/observers/webhook/options.ts';
import {webhooks} from '../../src/observers/webhook/webhooks.ts';
import {listAll} from '../../src/storage/list-all.ts';
import {send, storage} from './jobs.ts';
import type {Receiver} from './receiver.ts';

// For the tests of each file that imports this: a clock that runs a hundred times faster. The pauses between two tries are the real ones.
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

/** The secret that signs the messages of `sendTo`. */
export const secret = 'sixteen letters, at least';
/** Never aborts. */
export const {signal} = new AbortController();

/** The function's settings for webhooks of this receiver. */
export function telling({host}: Pick<Receiver, 'host'>, options: Partial<WebhookOptions> = {}) {
  const {watch, ...messenger} = webhooks({storage, privateHosts: readPrivateHosts(host), ...options});
  return {watchers: [watch], messenger} satisfies Partial<JobPorts & JobPolicy>;
}

/** Sends a request whose webhook is this receiver. */
export const sendTo = (
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
export const records = async () => {
  const keys = (await listAll('jobs/', {storage})).map(({key}) => key);
  return (await Promise.all(keys.map(async (key) => text(await storage.get(key))))).join();
};
