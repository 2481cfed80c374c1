import {type FileHandle, open} from 'node:fs/promises';
import {dirname} from 'node:path';
import {diskError, requireSpace} from '../../base/disk.ts';
import {abortError} from '../ffmpeg.ts';
import {leadOf, SAMPLE_RATE, type Stretch} from './stretches.ts';

/** A stretch that was decoded. */
export interface DecodedStretch {
  stretch: Stretch;
  /** Raw 32-bit floats, little-endian, stereo, from after the stretch's lead on; silent behind its end. */
  path: string;
}

/** The stretches to mix, and the output. */
export interface Mix {
  decoded: readonly DecodedStretch[];
  /** Samples of the result. */
  length: number;
  /** The wav to write. */
  path: string;
  signal: AbortSignal;
}

const CHANNELS = 2;
const FLOAT_BYTES = 4 * CHANNELS;
const PCM_BYTES = 2 * CHANNELS;
/** Samples mixed at a time, a second: memory does not grow with the film. */
const BLOCK = SAMPLE_RATE;

/**
 * Adds up stretches into one wav: 48 kHz, stereo, 16 bits, exactly `length` samples.
 *
 * Plain addition in floats; what exceeds the format is clipped, nothing else is changed. (ffmpeg's `amix`
 * divides by its inputs and moves the factor as they end; older versions cannot turn that off.) Sixteen bits,
 * because the encoder behind loses more than they do, and at volume 1 a 16-bit source stays what it was, bit
 * by bit.
 */
export async function mixStretches({decoded, length, path, signal}: Mix): Promise<void> {
  await requireSpace(dirname(path), {bytes: length * PCM_BYTES, what: 'to mix the sound'});
  const file = await open(path, 'w');
  const write = (bytes: Uint8Array | Int16Array) =>
    file.write(bytes).catch((error) => Promise.reject(diskError(error, path)));
  try {
    await write(wavHeader(length));
    for (let from = 0; from < length; from += BLOCK) {
      if (signal.aborted) throw abortError({signal, what: 'mixing the sound'});
      const block = {from, to: Math.min(from + BLOCK, length)};
      const sum = new Float64Array((block.to - block.from) * CHANNELS);
      for (const one of decoded) await addStretch(sum, block, one);
      await write(toPcm(sum));
    }
  } finally {
    await file.close();
  }
}

interface Range {
  from: number;
  to: number;
}

async function addStretch(sum: Float64Array, block: Range, {stretch, path}: DecodedStretch): Promise<void> {
  const first = stretch.from + leadOf(stretch);
  const from = Math.max(block.from, first);
  const to = Math.min(block.to, stretch.to);
  if (from >= to) return;
  await using file = await open(path);
  const samples = await readSamples(file, {from: from - first, to: to - first});
  for (const step of stretch.steps) {
    const start = Math.max(step.from, from);
    const count = (Math.min(step.to, to) - start) * CHANNELS;
    const [source, target] = [(start - from) * CHANNELS, (start - block.from) * CHANNELS];
    for (let at = 0; at < count; at++) {
      sum[target + at] = (sum[target + at] ?? 0) + (samples[source + at] ?? 0) * step.volume;
    }
  }
}

async function readSamples(file: FileHandle, {from, to}: Range): Promise<Float32Array> {
  const bytes = new Uint8Array((to - from) * FLOAT_BYTES);
  for (let done = 0; done < bytes.length; ) {
    const {bytesRead} = await file.read(bytes, done, bytes.length - done, from * FLOAT_BYTES + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return new Float32Array(bytes.buffer);
}

function toPcm(sum: Float64Array): Int16Array {
  const pcm = new Int16Array(sum.length);
  for (let at = 0; at < sum.length; at++) {
    pcm[at] = Math.max(-32768, Math.min(32767, Math.round((sum[at] ?? 0) * 32768)));
  }
  return pcm;
}

/** RIFF header of a PCM wav (http://soundfile.sapp.org/doc/WaveFormat/). From 4 GiB on (6 hours) its sizes say "to the end". */
function wavHeader(length: number): Uint8Array {
  const bytes = length * PCM_BYTES;
  const size = (value: number) => Math.min(value, 0xffff_ffff);
  const header = Buffer.alloc(44);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(size(bytes + 36), 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(CHANNELS, 22);
  header.writeUInt32LE(SAMPLE_RATE, 24);
  header.writeUInt32LE(SAMPLE_RATE * PCM_BYTES, 28);
  header.writeUInt16LE(PCM_BYTES, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(size(bytes), 40);
  return header;
}
