import {readFile} from 'node:fs/promises';
import {execa} from 'execa';
import {describe, expect, it} from 'vitest';
import {findFfmpeg} from '../../../src/media/ffmpeg.ts';
import type {FileBytes} from '../../../src/renderers/revideo/page/file-bytes.ts';
import {promisedLength} from '../../../src/renderers/revideo/page/promised-length.ts';
import {ffmpeg, mediaDirectory} from '../../support/media.ts';

const PICTURE = ['-f', 'lavfi', '-i', 'testsrc2=s=64x36:r=30:d=1', '-pix_fmt', 'yuv420p'];
const SOUND = ['-f', 'lavfi', '-i', 'sine=d=1:sample_rate=48000'];
const FILES: Record<string, string[]> = {
  'end.mp4': [...PICTURE, '-c:v', 'libx264'],
  'start.mp4': [...PICTURE, '-c:v', 'libx264', '-movflags', '+faststart'],
  'fragments.mp4': [...PICTURE, '-c:v', 'libx264', '-g', '10', '-movflags', 'frag_keyframe+empty_moov'],
  'clip.mov': [...PICTURE, '-c:v', 'libx264'],
  'clip.webm': [...PICTURE, '-c:v', 'libvpx', '-deadline', 'realtime'],
  'clip.mkv': [...PICTURE, '-c:v', 'libx264'],
  'sound.m4a': [...SOUND, '-c:a', 'aac'],
  'sound.wav': SOUND,
  'sound.mp3': [...SOUND, '-c:a', 'libmp3lame', '-q:a', '4', '-metadata', 'title=A sound'],
};

const OPEN_ENDED = ['end.mp4', 'clip.mov', 'sound.m4a', 'fragments.mp4'];

/** The first `length` bytes of a file. */
const first = (bytes: Uint8Array, length = bytes.length): FileBytes => ({
  length,
  read: async (start, end) => bytes.subarray(start, Math.min(end, length)),
});

describe('A file that broke off says how long it was', () => {
  const media = mediaDirectory();
  it.each(Object.entries(FILES))('%s', async (name, made) => {
    const path = media.path(name);
    await ffmpeg(...made, path);
    const bytes = await readFile(path);
    expect(await promisedLength(first(bytes))).toBeUndefined();
    for (const part of [0.5, 0.9]) {
      const promised = await promisedLength(first(bytes, Math.floor(bytes.length * part)));
      // The content behind the broken box is unknown: an index, or more fragments.
      const least = OPEN_ENDED.includes(name) ? part : 0.95;
      expect(promised, `${part}`).toBeGreaterThan(bytes.length * least);
      expect(promised, `${part}`).toBeLessThanOrEqual(bytes.length);
    }
  });

  it.each([
    ['wav', SOUND],
    ['webm', [...PICTURE, '-c:v', 'libvpx', '-deadline', 'realtime']],
    ['mp3', [...SOUND, '-c:a', 'libmp3lame', '-write_xing', '0']],
    ['ogg', [...SOUND, '-c:a', 'libvorbis']],
  ])('but not a %s that was written to a pipe, or has no place for it', async (format, made) => {
    const run = await execa(await findFfmpeg(), ['-loglevel', 'error', ...made, '-f', format, '-'], {
      encoding: 'buffer',
    });
    const bytes = run.stdout;
    expect(await promisedLength(first(bytes))).toBeUndefined();
    expect(await promisedLength(first(bytes, Math.floor(bytes.length / 2)))).toBeUndefined();
  });

  it('and no bytes, however odd, are taken for a promise that nobody made', async () => {
    for (const text of [
      '',
      'RIFF',
      'ID3',
      'x'.repeat(300),
      `ID3${'\xff'.repeat(300)}`,
      '\x1aE\xdf\xa3'.repeat(9),
    ]) {
      expect(await promisedLength(first(Buffer.from(text, 'latin1')))).toBeUndefined();
    }
  });
});
