import {join} from 'node:path';
import {tone, writeWav} from './media.ts';
import {type Make, makeFiles, makeImportedProject, PROJECTS, picture} from './project-media.ts';

const RATE = 48_000;

/** Seconds of stereo: a tone that rises every quarter of a second and gets quieter, another one on the right. */
const steps =
  (seconds: number): Make =>
  (path) => {
    const samples = (first: number) => {
      const channel = new Float32Array(seconds * RATE);
      for (let step = 0; step < seconds * 4; step++) {
        const amplitude = 0.5 * 0.85 ** step;
        const part = tone(RATE / 4, {hertz: first * 1.3 ** step, rate: RATE, amplitude});
        channel.set(part, (step * RATE) / 4);
      }
      return channel;
    };
    return writeWav(path, {rate: RATE, channels: [samples(330), samples(495)]});
  };

/** Files of the projects below `test/projects/same`, by their paths from the project's folder. None is committed. */
const FILES: Record<string, Record<string, Make>> = {
  picture: {'public/picture.png': picture(3)},
  sound: {'public/sweep.wav': steps(3)},
};

/** Makes the media of one of these projects. Returns its folder. */
export async function makeSameProject(name: string): Promise<string> {
  if (name === 'imported') return makeImportedProject();
  const folder = join(PROJECTS, 'same', name);
  await makeFiles(folder, FILES[name] ?? {});
  return folder;
}
