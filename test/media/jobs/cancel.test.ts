import {describe, expect, it} from 'vitest';
import {cancel as cancelCommand} from '../../../src/apps/cli/cancel.ts';
import type {Interrupt} from '../../../src/apps/cli/interrupt.ts';
import {openJobs} from '../../../src/apps/cli/jobs.ts';
import {createHandler} from '../../../src/apps/handler/handler.ts';
import {RenderError} from '../../../src/base/errors.ts';
import type {Engine} from '../../../src/engines/engine.ts';
import {cancelJob} from '../../../src/job/cancel-job.ts';
import {noteRefusal} from '../../../src/job/refusal.ts';
import type {Renderer} from '../../../src/renderers/renderer.ts';
import {listAll} from '../../../src/storage/list-all.ts';
import {drawn, film, filmKeys, send, storage} from '../../support/jobs.ts';
import {FRAMES, inProcess, testPicture} from '../../support/test-picture.ts';

describe('cancel', () => {
  const {signal} = new AbortController();
  const cancel = (fields: {jobId?: string; force?: boolean} = {}) =>
    cancelJob({jobType: 'cancel', jobId: 'film', ...fields}, {storage}, signal);

  it.each(['planning', 'rendering', 'started', 'done', 'merging', 'publishing'])(
    'while it is %s: no film, and never again',
    async (state) => {
      let cancelling: ReturnType<typeof cancel> | undefined;
      const onEvent = async (event: {state: string}) => {
        // While it is planned, it has no run yet.
        if (event.state === state) cancelling ??= cancel({force: state === 'planning'});
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

  it('of a job that nobody has begun is an error, and leaves its name free', async () => {
    const unknown = {
      name: 'JobUnknown',
      retryable: false,
      message: expect.stringMatching(/^No run of job flim has started in .*"force": true/),
    };
    await expect(cancel({jobId: 'flim'})).rejects.toMatchObject(unknown);
    const renderer = testPicture();
    const handler = createHandler({renderer, storage, engine: inProcess({renderer, storage})});
    const event = {jobType: 'cancel', jobId: 'flim'};
    await expect(handler(event)).rejects.toMatchObject(unknown);
    const requestContext = {authorizer: {iam: {userArn: 'arn:aws:iam::1:user/x'}}};
    expect(await handler({requestContext, body: JSON.stringify(event)})).toMatchObject({statusCode: 404});
    const here = openJobs({storage: storage.bucket});
    await expect(here.cancel('flim', {signal})).rejects.toMatchObject(unknown);
    const interrupt = {signal} as Interrupt;
    await expect(cancelCommand('flim', {storage: storage.bucket}, interrupt)).rejects.toMatchObject({
      ...{name: 'JobUnknown', exitCode: 1},
      message: expect.stringMatching(/^No run of job flim has started in .* --force/),
    });
    expect(await listAll('', {storage})).toEqual([]);
    expect(await send({jobId: 'flim'})).toMatchObject({state: 'finished'});
  });

  it('of a job that was refused ends it: Lambda may send its event again', async () => {
    await noteRefusal({storage, jobId: 'film', invocation: 'i-1'}, new RenderError('ProjectBroken', 'no'));
    expect(await cancel()).toMatchObject({state: 'cancelled'});
    await expect(send()).rejects.toMatchObject({name: 'Cancelled'});
  });

  it('before anybody has heard of it holds too, where that is meant', async () => {
    expect(await cancel({force: true})).toMatchObject({state: 'cancelled'});
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
      async *render(_, options) {
        begun.resolve();
        await new Promise<void>((resolve) => options.signal.addEventListener('abort', () => resolve()));
        stopped = true;
        throw options.signal.reason;
      },
    };
    const here = inProcess({renderer, storage});
    // Lambda tells its workers nothing.
    const engine: Engine = {
      ...here,
      run: (event, on) => here.run(event, on, {signal: new AbortController().signal}),
    };
    const outcome = send({numWorkers: 1}, {renderer, engine}).catch((error: unknown) => error);
    await begun.promise;
    await cancel();
    expect(await outcome).toMatchObject({name: 'Cancelled'});
    expect(stopped).toBe(true);
  });
});
