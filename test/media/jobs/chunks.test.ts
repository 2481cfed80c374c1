import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {RenderError} from '../../../src/base/errors.ts';
import type {Engine} from '../../../src/engines/engine.ts';
import type {Renderer} from '../../../src/renderers/renderer.ts';
import {listAll} from '../../../src/storage/list-all.ts';
import {drawn, film, filmKeys, send, storage, watched} from '../../support/jobs.ts';
import {writeWav} from '../../support/media.ts';
import {scratch} from '../../support/processes.ts';
import {everyFrame} from '../../support/segments.ts';
import {FRAMES, inProcess, SIZE} from '../../support/test-picture.ts';

describe('a chunk', () => {
  const black = {first: Buffer.alloc(576).toString('base64'), last: Buffer.alloc(576).toString('base64')};

  it('that does not begin with the picture that was drawn is drawn once more', async () => {
    const renderer = watched((file, {times, order}) =>
      times === 1 && order.end === 7 ? {...file, borders: black} : file,
    );
    const result = await send({}, {renderer});
    expect(drawn.toSorted()).toEqual(['0-7', '0-7', '15-23', '7-15']);
    expect(result).toMatchObject({chunks: {rendered: 3, retried: 1}});
    expect(await film()).toBe(FRAMES);
  });

  it('that does so twice fails the job, and names its frames', async () => {
    const renderer = watched((file, {order}) => (order.end === 7 ? {...file, borders: black} : file));
    await expect(send({}, {renderer})).rejects.toMatchObject({
      name: 'ChunkMismatch',
      message: expect.stringMatching(/^Chunk 1 of 3 .* drawn twice/),
    });
    expect(await filmKeys()).toEqual([]);
  });

  const clip = (etag: string) => [{id: 'clip', name: 'https://media.example/clip.mp4', length: 9, etag}];

  it('that was drawn before a clip was replaced is drawn anew', async () => {
    await send({}, {renderer: watched((file) => ({...file, media: clip('old')}))});
    await storage.delete([(await listAll('chunks/', {storage}))[1]?.key ?? '']);
    drawn.length = 0;
    const silence = {rate: 48_000, channels: [new Float32Array(48_000)]};
    const wav = await writeWav(join(scratch(), 'clip.wav'), silence);
    let heard = 0;
    const renderer: Renderer = {
      ...watched((file) => ({...file, media: clip('new')})),
      plan: async () => ({
        ...{frames: FRAMES, segments: everyFrame(FRAMES), fps: 30, size: SIZE},
        sounds: [{src: 'clip', startFrame: 0, frames: FRAMES, mediaTime: 0, playbackRate: 1, volume: 1}],
      }),
      locate: async () => {
        heard++;
        return wav;
      },
    };
    const result = await send({jobId: 'other'}, {renderer});
    expect(drawn).toHaveLength(3);
    // And the sound with it.
    expect(heard).toBe(2);
    expect(result).toMatchObject({chunks: {rendered: 3, reused: 0, retried: 2}});
  });

  it('and its neighbour that see a clip replaced again and again end the job, and the clip is named', async () => {
    const renderer = watched((file) => ({...file, media: clip(`${drawn.length}`)}));
    await expect(send({}, {renderer})).rejects.toMatchObject({
      name: 'MediaFailed',
      message: expect.stringContaining('https://media.example/clip.mp4 was replaced'),
    });
    expect(await filmKeys()).toEqual([]);
  });

  it('that takes far too long is begun a second time, if that is wished', async () => {
    const renderer = watched();
    const here = inProcess({renderer, storage});
    let begun = 0;
    const engine: Engine = {
      ...here,
      capacity: () => 30,
      async run(event, on, context) {
        if (event.workerId === 22 && begun++ === 0) {
          on.started?.();
          await new Promise((_, reject) => {
            context.signal.addEventListener('abort', () => reject(context.signal.reason));
          });
        }
        return here.run(event, on, context);
      },
    };
    const result = await send({numWorkers: FRAMES}, {renderer, engine});
    expect(result).toMatchObject({chunks: {rendered: FRAMES, retried: 0, doubled: 1}});
    expect(await film()).toBe(FRAMES);

    begun = 0;
    const stop = new AbortController();
    setTimeout(() => stop.abort(new RenderError('Aborted', 'enough')), 15_000);
    const alone = send(
      {jobId: 'b', numWorkers: FRAMES, variables: {b: 1}},
      {renderer, engine, doubling: false},
      {signal: stop.signal},
    );
    await expect(alone).rejects.toMatchObject({name: 'Aborted'});
    expect(begun).toBe(1);
  });
});
