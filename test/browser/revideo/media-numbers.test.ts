import {expect, it} from 'vitest';
import {compiled, folderOf} from '../../support/compiled.ts';

/** A tenth of a second of silence: 800 samples of 8 bits at 8 kHz, as a WAV of 44 bytes of header. */
function wav(): string {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(836, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(8000, 24);
  header.writeUInt32LE(8000, 28);
  header.writeUInt16LE(1, 32);
  header.writeUInt16LE(8, 34);
  header.write('data', 36);
  header.writeUInt32LE(800, 40);
  return `data:audio/wav;base64,${Buffer.concat([header, Buffer.alloc(800, 128)]).toString('base64')}`;
}

const FILM = `
import {makeScene2D, Audio} from '@revideo/2d';
import {createRef, makeProject, useScene, waitFor} from '@revideo/core';
const scene = makeScene2D('tones', function* (view) {
  const what = useScene().variables.get('what', 'volume')();
  const audio = createRef();
  yield view.add(<Audio ref={audio} src={${JSON.stringify(wav())}} play />);
  yield;
  if (what === 'volume') audio().setVolume(Number('loud'));
  if (what === 'rate') audio().setPlaybackRate(Number('fast'));
  if (what === 'signal') audio().volume = Number('loud');
  if (what === 'time') audio().time(Number('late'));
  yield* waitFor(0.1);
});
export default makeProject({scenes: [scene], settings: {shared: {size: {x: 64, y: 36}}, rendering: {fps: 30}}});
`;

it('a volume, a rate or a time that is no number is an error with its name, not silence', {
  timeout: 120_000,
}, async () => {
  const renderer = await compiled(folderOf({'src/project.jsx': FILM}));
  const planned = (what: string) => renderer.plan({what}, {signal: AbortSignal.timeout(100_000)} as never);
  // The browser itself refuses this one.
  await expect(planned('volume')).rejects.toThrow(/'volume'.*non-finite/);
  await expect(planned('rate')).rejects.toThrow(/The playbackRate of \S+ is NaN/);
  await expect(planned('time')).rejects.toThrow(
    /The time of data:audio\/wav\S* is NaN; it must be a finite number/,
  );
  await expect(planned('signal')).rejects.toThrow(/The volume of \S+ is NaN/);
  expect((await planned('nothing')).sounds).toHaveLength(1);
});
