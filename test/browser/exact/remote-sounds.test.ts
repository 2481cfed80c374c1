import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, expect, onTestFinished, test} from 'vitest';
import {makeSoundtrack} from '../../../src/media/sound/soundtrack.ts';
import {BLOCK} from '../../../src/renderers/revideo/remote/block-store.ts';
import {openStage} from '../../support/exact.ts';
import {decode, mediaDirectory, noise, writeWav} from '../../support/media.ts';
import {startOrigin} from '../../support/origin.ts';

const media = mediaDirectory();
/** 60 seconds: 11 MiB. */
const NOISE = noise(60 * 48_000);

const wav = async () =>
  readFile(await writeWav(media.path('noise.wav'), {rate: 48_000, channels: [NOISE, NOISE]}));

/** Makes the sound of 60 seconds of a source through a renderer. */
async function soundOf(src: string): Promise<Float32Array> {
  const directory = await mkdtemp(join(tmpdir(), 'remote-sounds-test-'));
  onTestFinished(() => rm(directory, {recursive: true, force: true}));
  await using stage = openStage('sounds');
  const {path} = await makeSoundtrack({
    sounds: [{src, startFrame: 0, frames: 1800, mediaTime: 0, playbackRate: 1, volume: 1}],
    ...{frames: 1800, fps: 30, directory, signal: AbortSignal.timeout(100_000)},
    locate: (address) => stage.renderer.locate(address),
  });
  return (await decode(path))[0];
}

describe("another server's sound", {timeout: 120_000}, () => {
  test('is read once, block by block', async () => {
    const origin = await startOrigin({'/noise.wav': {bytes: await wav(), type: 'audio/wav'}});
    expect(await soundOf(`${origin.address}/noise.wav?signature=1`)).toEqual(NOISE);
    const starts = origin.requests.map(({start}) => start);
    expect(new Set(starts).size).toBe(starts.length);
  });

  test('is named by its own address when it cannot be read', async () => {
    const origin = await startOrigin({'/words.wav': {bytes: Buffer.from('These are words and no sound.')}});
    const words = `${origin.address}/words.wav`;
    await expect(soundOf(`${words}?signature=1`)).rejects.toMatchObject({
      name: 'MediaFailed',
      message: `The sound of ${words}?… cannot be read: ${words}?…: Invalid data found when processing input`,
    });
    await expect(soundOf(`${origin.address}/absent.wav`)).rejects.toMatchObject({
      name: 'MediaFailed',
      message: `${origin.address}/absent.wav cannot be read: the server says 404.`,
    });
  });

  test('does not fall silent when its server breaks off', async () => {
    const origin = await startOrigin({'/noise.wav': {bytes: await wav(), type: 'audio/wav'}});
    origin.disturb = ({headers}, response) =>
      headers.range?.startsWith(`bytes=${5 * BLOCK}-`) === true && !!response.writeHead(403).end();
    await expect(soundOf(`${origin.address}/noise.wav`)).rejects.toMatchObject({
      name: 'MediaFailed',
      message: `The sound of ${origin.address}/noise.wav cannot be read: the server says 403.`,
    });
  });
});
