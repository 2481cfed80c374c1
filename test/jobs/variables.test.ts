import {describe, expect, it} from 'vitest';
import type {Engine} from '../../src/engines/engine.ts';
import {variablesKey} from '../../src/keys.ts';
import type {Renderer} from '../../src/renderer.ts';
import {inProcess} from '../support/test-picture.ts';
import {drawn, send, storage, watched} from './support.ts';

describe('variables', () => {
  const large = {text: 'x'.repeat(300_000)};

  it('that are large travel through storage', async () => {
    const sizes: number[] = [];
    const renderer = watched();
    const seen: unknown[] = [];
    const reading: Renderer = {
      ...renderer,
      renderChunk: (chunk, options) => {
        seen.push(chunk.variables);
        return renderer.renderChunk(chunk, options);
      },
    };
    const here = inProcess({renderer: reading, storage});
    const engine: Engine = {
      ...here,
      run: (event, options) => {
        sizes.push(JSON.stringify(event).length);
        return here.run(event, options);
      },
    };
    await send({variables: large}, {renderer: reading, engine});
    expect(Math.max(...sizes)).toBeLessThan(1_000);
    expect(seen).toEqual([large, large, large]);
    // And the same request may name them itself.
    expect(await send({variablesStored: true})).toMatchObject({state: 'finished', chunks: {rendered: 3}});
    expect(drawn).toHaveLength(3);
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
