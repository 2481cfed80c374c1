import {createHash} from 'node:crypto';
import {writeFile} from 'node:fs/promises';
import type {Engine} from '../../src/engines/engine.ts';
import {type ChunkTools, renderChunk} from '../../src/job/render-chunk.ts';
import type {FullRender} from '../../src/model/event.ts';
import type {Renderer} from '../../src/renderers/renderer.ts';
import {pictureSegments} from './picture-segments.ts';
import {everyFrame} from './segments.ts';

export const FRAMES = 23;
export const SIZE = {width: 160, height: 90};
export const hashOf = (frame: number) => createHash('sha256').update(String(frame)).digest('hex');

/** Draws ffmpeg's test picture. `draws` says how many frames come out where `asked` were asked for. */
export const testPicture = (draws = (asked: number) => ({drawn: asked, said: asked})): Renderer => ({
  fingerprint: async ({signal}) => {
    signal.throwIfAborted();
    return 'the test picture';
  },
  plan: async (_, {signal}) => {
    signal.throwIfAborted();
    return {frames: FRAMES, segments: everyFrame(FRAMES), fps: 30, size: SIZE, sounds: [], revideo: '0.11.0'};
  },
  async *render({frameHashes, ...order}, {onFrames, ...options}) {
    options.signal.throwIfAborted();
    const {drawn, said} = draws(order.end - order.start);
    const files = await pictureSegments(order, options);
    onFrames?.(drawn);
    for (const file of files) {
      const at = file.start - order.start;
      if (at >= said) return;
      // A frame that is missing, though the renderer says that it is there.
      if (at >= drawn) await writeFile(file.path, '-');
      const hashes = frameHashes && {hashes: [hashOf(file.start)]};
      yield {...file, frames: Math.min(file.frames, said - at), ...hashes};
    }
  },
  locate: async (src) => src,
  close: async () => {},
});

/** Runs chunks right here, as a worker does. */
export const inProcess = (tools: ChunkTools): Engine => ({
  name: 'here',
  traits: {isolated: true, stops: true, progress: 'callback'},
  capacity: () => 2,
  run: (event, {started, progress}, {signal}) => {
    started?.();
    return renderChunk(event, tools, {signal, onFrames: progress});
  },
  close: async () => {},
});

/** An event for a film of it, with every field. */
export const filmEvent = (fields: Partial<FullRender> = {}): FullRender => ({
  jobType: 'fullRender',
  jobId: 'film',
  numWorkers: 3,
  variables: {},
  variablesStored: false,
  frameHashes: false,
  quality: 'cheapest',
  silentTrack: true,
  ...fields,
});
