import type {lookup} from 'node:dns';
import {describe, expect, it} from 'vitest';
import {listAll} from '../../../src/storage/list-all.ts';
import {send, storage} from '../../support/jobs.ts';
import {startReceiver} from '../../support/receiver.ts';
import {records, secret, sendTo, telling} from '../../support/webhooks.ts';

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
    const undelivered: object[] = [];
    const onUndelivered = (what: object) => undelivered.push(what);
    const options = {limit: 200, onUndelivered, progressEvery: Infinity};
    expect(await sendTo(receiver, {}, telling(receiver, options))).toMatchObject({state: 'finished'});
    expect(receiver.ends()).toHaveLength(times);
    expect(undelivered).toEqual([{jobId: 'film', id: 'film-1-success', reason: expect.any(String)}]);
    expect(JSON.stringify(undelivered)).not.toContain('private');
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
    const onUndelivered = ({reason}: {reason: string}) => void reasons.push(reason);
    const url = receiver.url.replace('127.0.0.1', 'rebound.example');
    const tools = telling({host: ''}, {resolve, onUndelivered});
    expect(await send({webhook: {url}}, tools)).toMatchObject({state: 'finished'});
    expect(reasons).toEqual(['its address may not be reached']);
    expect(receiver.received).toEqual([]);
    expect(asked).toBeGreaterThan(1);
  });
});
