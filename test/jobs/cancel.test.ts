import {describe, expect, it} from 'vitest';
import {cancelJob} from '../../src/cancel-job.ts';
import type {Engine} from '../../src/engines/engine.ts';
import type {Renderer} from '../../src/renderer.ts';
import {FRAMES, inProcess, testPicture} from '../support/test-picture.ts';
import {drawn, film, filmKeys, send, storage} from './support.ts';

describe('cancel', () => {
  const {signal} = new AbortController();
  const cancel = (jobId = 'film') => cancelJob({jobType: 'cancel', jobId}, {storage}, signal);

  it.each(['planning', 'rendering', 'started', 'done', 'merging', 'publishing'])(
    'while it is %s: no film, and never again',
    async (state) => {
      let cancelling: ReturnType<typeof cancel> | undefined;
      const onEvent = async (event: {state: string}) => {
        if (event.state === state) cancelling ??= cancel();
      };
      const outcome = await send({}, {onEvent}).catch((error: unknown) => error);
      expect(await cancelling).toMatchObject({jobId: 'film', state: 'cancelled'});
      expect(outcome).toMatchObject({name: 'Cancelled', retryable: false});
      expect(await filmKeys()).toEqual([]);
      await expect(send()).rejects.toMatchObject({name: 'Cancelled'});
      expect(await filmKeys()).toEqual([]);
      expect(await cancel()).toMatchObject({state: 'cancelled'});
    },
  );

  it('before anybody has heard of it holds too', async () => {
    expect(await cancel()).toMatchObject({state: 'cancelled'});
    await expect(send()).rejects.toMatchObject({name: 'Cancelled'});
    expect(drawn).toEqual([]);
  });

  it('leaves a finished film alone, and says so', async () => {
    await send();
    expect(await cancel()).toMatchObject({state: 'finished'});
    expect(await film()).toBe(FRAMES);
    expect(await send()).toMatchObject({state: 'finished'});
  });

  it('stops workers that nobody waits for', async () => {
    const real = testPicture();
    let stopped = false;
    const begun = Promise.withResolvers<void>();
    const renderer: Renderer = {
      ...real,
      async renderChunk(_, options) {
        begun.resolve();
        await new Promise<void>((resolve) => options.signal.addEventListener('abort', () => resolve()));
        stopped = true;
        throw options.signal.reason;
      },
    };
    const here = inProcess({renderer, storage});
    // Lambda tells its workers nothing.
    const engine: Engine = {...here, run: (event) => here.run(event, {signal: new AbortController().signal})};
    const outcome = send({numWorkers: 1}, {renderer, engine}).catch((error: unknown) => error);
    await begun.promise;
    await cancel();
    expect(await outcome).toMatchObject({name: 'Cancelled'});
    expect(stopped).toBe(true);
  });
});
