import {expect, it} from 'vitest';
import {RenderError} from '../../../src/base/errors.ts';
import type {Renderer} from '../../../src/renderers/renderer.ts';
import {send, watched} from '../../support/jobs.ts';
import {everyFrame} from '../../support/segments.ts';
import {FRAMES, SIZE} from '../../support/test-picture.ts';

const stalled = () => new RenderError('RenderStalled', 'Nothing moves.');

it.each([1, 2])('a plan that hangs is tried as often as the settings say: %s', async (attempts) => {
  let plans = 0;
  const plan: Renderer['plan'] = async () => {
    plans++;
    throw stalled();
  };
  await expect(send({}, {renderer: {...watched(), plan}, attempts})).rejects.toThrow('Nothing moves.');
  expect(plans).toBe(attempts);
});

it.each([1, 2])('a sound whose file cannot be had is tried as often: %s', async (attempts) => {
  const sound = {src: 'clip', startFrame: 0, frames: FRAMES, mediaTime: 0, playbackRate: 1, volume: 1};
  let asked = 0;
  const renderer: Renderer = {
    ...watched(),
    plan: async () => ({frames: FRAMES, segments: everyFrame(FRAMES), fps: 30, size: SIZE, sounds: [sound]}),
    async locate() {
      asked++;
      throw stalled();
    },
  };
  await expect(send({}, {renderer, attempts})).rejects.toThrow('Nothing moves.');
  expect(asked).toBe(attempts);
});
