import {describe, expect, it} from 'vitest';
import {JobLost} from '../../../src/apps/client/errors.ts';
import type {RenderProgress} from '../../../src/apps/client/types.ts';
import {clientOf, FRAMES, jobTypeOf, orchestratorOf, passed, request, serve} from '../../support/client.ts';
import {until} from '../../support/processes.ts';

describe('a client does not lose a job', () => {
  it('when the connection breaks in the middle of it', async () => {
    const {client, proxy, gated, openGate, isBegun} = await serve();
    const isJob = ({body}: {body: Buffer}) => jobTypeOf(body) === 'fullRender';
    const trap = proxy.disturb(isJob, async ({forward}) => {
      // It arrives, and is under way.
      const going = forward();
      await until(() => isBegun());
      going.catch(() => {});
      return 'reset';
    });
    const rendering = client.render(gated);
    await trap.met;
    await passed(proxy, 'status');
    openGate();
    expect(await rendering).toMatchObject({state: 'finished', frames: FRAMES});
    expect(proxy.passed.filter(({exchange}) => isJob(exchange))).toHaveLength(1);
  });

  it('when Lambda has no room for its questions', async () => {
    // Room for the orchestrator alone.
    const {client, proxy, gated, openGate} = await serve({concurrency: 1});
    const job = await client.start(gated);
    const waiting = client.waitFor(job);
    await until(() => proxy.passed.some(({told}) => told === 429));
    openGate();
    expect(await waiting).toMatchObject({state: 'finished', frames: FRAMES});
  });

  it('when whoever renders it is killed: it says so, and the same event finds what was drawn', async () => {
    const {client, service, gated, openGate} = await serve();
    const event = gated;
    const job = await client.start(event);
    let killed = false;
    const onProgress = ({chunksDone}: RenderProgress) => {
      if (chunksDone === 0 || killed) return;
      killed = true;
      process.kill(orchestratorOf(service)?.pid as number, 'SIGKILL');
    };
    const error = await client.waitFor(job, {onProgress, silence: 6_000}).catch((error) => error);
    expect(error).toBeInstanceOf(JobLost);
    expect(error).toMatchObject({jobId: job.jobId, errorType: 'JobLost', retryable: true});
    openGate();
    const result = await client.render({...event, jobId: job.jobId});
    expect(result).toMatchObject({state: 'finished', chunks: {rendered: 2, reused: 1}});
  });

  it('and says that there is no room for it at all', async () => {
    const {client, service, gated} = await serve({concurrency: 1});
    await client.start(gated);
    await until(() => orchestratorOf(service) !== undefined);
    await expect(client.render(request)).rejects.toMatchObject({
      ...{errorType: 'InvokeThrottled', retryable: true},
      message: expect.stringMatching(/no room/),
    });
  });

  it('but does not wait for one that cannot have arrived', async () => {
    const {service} = await serve();
    await service.close();
    const client = clientOf(service.url);
    await expect(client.render(request)).rejects.toMatchObject({errorType: 'InvokeLost', retryable: true});
  });
});
