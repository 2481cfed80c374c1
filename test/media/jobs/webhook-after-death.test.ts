import {describe, expect, it} from 'vitest';
import {cancelJob} from '../../../src/job/cancel-job.ts';
import {jobStatus} from '../../../src/job/job-status.ts';
import {claimRun} from '../../../src/job/runs/records.ts';
import {messageKey, runKey} from '../../../src/model/keys.ts';
import {send, storage} from '../../support/jobs.ts';
import {type Receiver, startReceiver} from '../../support/receiver.ts';
import {records, secret, signal, telling} from '../../support/webhooks.ts';

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
