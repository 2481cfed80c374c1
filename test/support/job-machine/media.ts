import {createReadStream} from 'node:fs';
import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {buffer} from 'node:stream/consumers';
import {mp4} from '../../../src/media/formats/formats.ts';
import type {Joiner, JoinTarget, Segment} from '../../../src/media/formats/output-format.ts';
import type {Media} from '../../../src/media/media.ts';

/** Joins chunks as they are, byte by byte. */
async function openRow({directory}: JoinTarget): Promise<Joiner> {
  const row: Segment[] = [];
  return {
    async add(segment) {
      row.push(segment);
    },
    async finish() {
      const path = join(directory, 'film.mp4');
      const inOrder = row.toSorted((a, b) => a.start - b.start);
      const parts = await Promise.all(inOrder.map(({file}) => buffer(createReadStream(file.path))));
      await writeFile(path, Buffer.concat(parts));
      return {path};
    },
    abort: async () => {},
  };
}

/** Media without a process, since none can live in simulated time: a film is its chunks, and no test looks at it. */
export const simulatedMedia: Media = {
  check: async () => {},
  mixSound: async () => ({path: '', silent: true}),
  format: {...mp4, open: openRow, verify: async () => {}},
  takePictures: () => Promise.reject(new Error('There is nothing to be seen.')),
  makeOverview: () => Promise.reject(new Error('There is nothing to be seen.')),
};
