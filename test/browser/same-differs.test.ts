import {beforeAll, expect, test} from 'vitest';
import {comparePictures, countFrames} from '../../bench/same/pictures.ts';
import {compareSounds} from '../../bench/same/sounds.ts';
import {differentFrames, soundDifferences} from '../../bench/same/verdict.ts';
import {ffmpeg, mediaDirectory, tone, writeWav} from '../support/media.ts';
import {renderOurs} from '../support/same.ts';
import {makeSameProject} from '../support/same-media.ts';

const RATE = 48_000;
const media = mediaDirectory();
let film: string;

beforeAll(async () => {
  film = await rendered('whole', undefined);
});

async function rendered(name: string, variables: Record<string, string> | undefined): Promise<string> {
  const project = await makeSameProject('shapes');
  const [ours] = await renderOurs(project, {variables, workers: [1], storage: media.path(name)});
  return ours?.path ?? '';
}

/** Encodes a film again, with ffmpeg's filters over it: what `balanced` would make of it. */
async function changed(name: string, ...filters: string[]): Promise<string> {
  const path = media.path(`${name}.mp4`);
  await ffmpeg('-i', film, ...filters, '-vsync', '0', '-crf', '23', '-color_range', 'tv', path);
  return path;
}

const differing = async (other: string) => differentFrames(await comparePictures(film, other));

/** A film's sound by itself: half a second of a tone and of another one, changed by `change`. */
async function sounding(name: string, change: (samples: Float32Array) => Float32Array): Promise<string> {
  const samples = new Float32Array(RATE);
  samples.set(tone(RATE / 2, {hertz: 330, rate: RATE, amplitude: 0.5}));
  samples.set(tone(RATE / 2, {hertz: 523, rate: RATE, amplitude: 0.3}), RATE / 2);
  const channel = change(samples);
  const wav = await writeWav(media.path(`${name}.wav`), {rate: RATE, channels: [channel, channel]});
  await ffmpeg('-i', wav, '-c:a', 'aac', media.path(`${name}.m4a`));
  return media.path(`${name}.m4a`);
}

async function heard(name: string, change: (samples: Float32Array) => Float32Array): Promise<string[]> {
  const whole = await sounding('whole', (samples) => samples);
  return soundDifferences(await compareSounds(whole, await sounding(name, change)));
}

const zeroed = (samples: Float32Array, start: number, end: number) =>
  samples.fill(0, start * RATE, end * RATE);

test('the same film encoded again is the same', async () => {
  const again = await changed('again');
  expect(await countFrames(again)).toBe(await countFrames(film));
  expect(await differing(again)).toEqual([]);
});

test('another letter is noticed in the frames that show it', async () => {
  expect((await differing(await rendered('letter', {message: 'Ninety.'}))).length).toBeGreaterThan(5);
});

test('a film that shows its frames one later is noticed', async () => {
  const late = await changed('late', '-vf', 'tpad=start=1:start_mode=clone,trim=end_frame=14');
  expect((await differing(late)).length).toBeGreaterThan(10);
});

test('a frame that is shown in place of the next one is noticed', async () => {
  const twice = await changed('twice', '-vf', "loop=loop=1:size=1:start=6,select='not(eq(n,8))'");
  const different = await differing(twice);
  expect(different).toContain(7);
  expect(different.length).toBeLessThan(3);
});

test('colours of another range are noticed', async () => {
  const pale = await changed('pale', '-vf', 'scale=in_range=tv:out_range=pc');
  expect(await differing(pale)).toHaveLength(14);
});

test('the same sound encoded again is the same', async () => {
  expect(await heard('again', (samples) => samples)).toEqual([]);
});

test.each<[string, RegExp, (samples: Float32Array) => Float32Array]>([
  ['a louder sound', /dB louder/, (samples) => samples.map((sample) => sample * 1.19)],
  ['silence', /louder/, (samples) => zeroed(samples, 0, 1)],
  ['a gap of 30 ms', /% of the loudness at 0\.2/, (samples) => zeroed(samples, 0.26, 0.29)],
  ['a sound 8 ms late', /ms later|of the loudness/, (samples) => late(samples, 0.008)],
  ['a sound that stops early', /% of the loudness at 0\.9/, (samples) => zeroed(samples, 0.93, 1)],
])('%s is noticed', async (name, words, change) => {
  expect((await heard(name.replaceAll(' ', '-'), change)).join()).toMatch(words);
});

const late = (samples: Float32Array, seconds: number) => {
  const moved = new Float32Array(samples.length);
  moved.set(samples.subarray(0, samples.length - seconds * RATE), seconds * RATE);
  return moved;
};
