import {json} from 'node:stream/consumers';
import {describe, expect, it} from 'vitest';
import type {Engine} from '../../../src/engines/engine.ts';
import type {HandOver} from '../../../src/job/context.ts';
import type {FullRender} from '../../../src/model/event.ts';
import {runKey, variablesKey} from '../../../src/model/keys.ts';
import {parseEvent} from '../../../src/model/parse-event.ts';
import type {Renderer} from '../../../src/renderers/renderer.ts';
import {drawn, send, storage, watched} from '../../support/jobs.ts';
import {inProcess} from '../../support/test-picture.ts';

describe('variables', () => {
  const large = {text: 'x'.repeat(300_000)};

  it('that are large travel through storage', async () => {
    const sizes: number[] = [];
    const renderer = watched();
    const seen: unknown[] = [];
    const reading: Renderer = {
      ...renderer,
      render: (order, options) => {
        seen.push(order.variables);
        return renderer.render(order, options);
      },
    };
    const here = inProcess({renderer: reading, storage});
    const engine: Engine = {
      ...here,
      run: (event, on, context) => {
        sizes.push(JSON.stringify(event).length);
        return here.run(event, on, context);
      },
    };
    await send({variables: large}, {renderer: reading, engine});
    expect(Math.max(...sizes)).toBeLessThan(1_000);
    expect(seen).toEqual([large, large, large]);
    // And the same request may name them itself.
    expect(await send({variablesStored: true})).toMatchObject({state: 'finished', chunks: {rendered: 3}});
    expect(drawn).toHaveLength(3);
  });

  it('that are left out are so for the plan and for every worker, and are another request than none', async () => {
    const seen: unknown[] = [];
    const renderer = watched();
    const reading: Renderer = {
      ...renderer,
      plan: (variables, options) => {
        seen.push(variables);
        return renderer.plan(variables, options);
      },
      render: (order, options) => {
        seen.push(order.variables);
        return renderer.render(order, options);
      },
    };
    await send({variables: undefined}, {renderer: reading});
    expect(seen).toEqual([undefined, undefined, undefined, undefined]);
    const claim = await json(await storage.get(runKey('film', 1, 'claim')));
    expect(claim).toMatchObject({request: {numWorkers: 3}});
    expect((claim as {request: object}).request).not.toHaveProperty('variables');
    const conflict = {name: 'JobConflict', message: expect.stringContaining('variables (another one now)')};
    await expect(send({variables: {}})).rejects.toMatchObject(conflict);
    expect(await send({variables: {}, jobId: 'none'})).toMatchObject({chunks: {rendered: 3}});
  });

  it('that are large are handed over in storage, too', async () => {
    const late = new AbortController();
    const started: FullRender[] = [];
    const handOver: HandOver = {signal: late.signal, start: async (event) => void started.push(event)};
    const renderer = watched((file) => {
      late.abort();
      return file;
    });
    await send({variables: large}, {renderer}, {handOver});
    expect(started).toMatchObject([{jobId: 'film', variablesStored: true}]);
    expect(parseEvent(JSON.parse(JSON.stringify(started[0])))).not.toHaveProperty('variables');
  });

  it('that are said to be in storage and are not are a bad event', async () => {
    const message = expect.stringContaining(`"${variablesKey('film')}"`);
    await expect(send({variablesStored: true})).rejects.toMatchObject({name: 'BadEvent', message});
    const deep = `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`;
    await storage.put(variablesKey('film'), deep);
    await expect(send({variablesStored: true})).rejects.toThrow('nested more than 100 levels');
    await storage.put(variablesKey('film'), '[1]');
    await expect(send({variablesStored: true})).rejects.toMatchObject({name: 'BadEvent', message});
  });
});
