import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {execa} from 'execa';
import {afterAll, beforeAll} from 'vitest';
import {findFfmpeg} from '../../src/media/ffmpeg.ts';

/** A directory for a test file's media, gone after its last test. */
export function mediaDirectory(): {path: (name: string) => string} {
  let directory = '';
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'media-test-'));
  });
  afterAll(() => rm(directory, {recursive: true, force: true}));
  return {path: (name) => join(directory, name)};
}

/** Runs the ffmpeg under test like any program, and returns its output. */
export async function ffmpeg(...args: string[]): Promise<Buffer> {
  const options = ['-nostdin', '-hide_banner', '-loglevel', 'error', '-y'];
  const {stdout} = await execa(await findFfmpeg(), [...options, ...args], {
    encoding: 'buffer',
    maxBuffer: 1e9,
  });
  return Buffer.from(stdout);
}

/** Channels of samples, full scale at 1. */
export interface Pcm {
  rate: number;
  channels: Float32Array[];
}

/** Writes a 16-bit wav, sample by sample: what a test expects is known without any encoder. */
export async function writeWav(path: string, {rate, channels}: Pcm): Promise<string> {
  const length = channels[0]?.length ?? 0;
  const count = channels.length;
  const bytes = Buffer.alloc(44 + length * count * 2);
  bytes.write('RIFF', 0);
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.write('WAVEfmt ', 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(count, 22);
  bytes.writeUInt32LE(rate, 24);
  bytes.writeUInt32LE(rate * count * 2, 28);
  bytes.writeUInt16LE(count * 2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36);
  bytes.writeUInt32LE(length * count * 2, 40);
  channels.forEach((channel, index) => {
    channel.forEach((sample, at) => {
      bytes.writeInt16LE(
        Math.max(-32768, Math.min(32767, Math.round(sample * 32768))),
        44 + (at * count + index) * 2,
      );
    });
  });
  await writeFile(path, bytes);
  return path;
}

/** Silence except for impulses: `{24000: 0.5}` is one of half amplitude at sample 24,000. */
export function impulses(length: number, at: Record<number, number>): Float32Array {
  const samples = new Float32Array(length);
  for (const [index, value] of Object.entries(at)) samples[Number(index)] = value;
  return samples;
}

/** A sine from phase 0. */
export function tone(
  length: number,
  {hertz, rate, amplitude}: {hertz: number; rate: number; amplitude: number},
): Float32Array {
  return Float32Array.from(
    {length},
    (_, index) => amplitude * Math.sin((2 * Math.PI * hertz * index) / rate),
  );
}

/** White noise that uses all sixteen bits and is the same in every run. */
export function noise(length: number): Float32Array {
  let state = 12345;
  return Float32Array.from({length}, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 16) / 32768 - 1;
  });
}

/** A file's sound as ffmpeg decodes it: two channels at the file's own rate. */
export async function decode(path: string): Promise<[left: Float32Array, right: Float32Array]> {
  const raw = await ffmpeg('-i', path, '-map', '0:a:0', '-ac', '2', '-f', 'f32le', '-');
  const both = new Float32Array(raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.length));
  const channel = (first: number) =>
    Float32Array.from({length: both.length / 2}, (_, index) => both[index * 2 + first] ?? 0);
  return [channel(0), channel(1)];
}

/** Indices of samples at least `threshold` away from 0 that are the largest within 100 samples. */
export function peaks(samples: Float32Array, threshold: number): number[] {
  const at = (index: number) => Math.abs(samples[index] ?? 0);
  return [...samples.keys()].filter((index) => {
    if (at(index) < threshold) return false;
    for (let near = index - 100; near <= index + 100; near++) if (at(near) > at(index)) return false;
    return true;
  });
}

/** Periods a second, from upward zero crossings. */
export function frequency(samples: Float32Array, rate: number): number {
  const crossings = [...samples.keys()].filter(
    (index) => (samples[index - 1] ?? 0) < 0 && (samples[index] ?? 0) >= 0,
  );
  const [first = 0, last = 0] = [crossings[0], crossings.at(-1)];
  return ((crossings.length - 1) * rate) / (last - first);
}

/** Root mean square. */
export const loudness = (samples: Float32Array): number =>
  Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);

/** The 44 bytes before a wav's samples, and how many stereo 16-bit samples follow. */
export async function wavSamples(
  path: string,
): Promise<{rate: number; channels: number; bits: number; length: number}> {
  const bytes = await readFile(path);
  return {
    rate: bytes.readUInt32LE(24),
    channels: bytes.readUInt16LE(22),
    bits: bytes.readUInt16LE(34),
    length: (bytes.length - 44) / 4,
  };
}
