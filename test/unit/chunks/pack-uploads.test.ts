import {expect, it} from 'vitest';
import {PackUploads} from '../../../src/job/chunks/pack-uploads.ts';
import type {SegmentFile} from '../../../src/model/segment-file.ts';

const segment = (start: number): SegmentFile => ({start, end: start + 1, frames: 1, path: `${start}`});
const startsOf = async (files: readonly SegmentFile[]) => files.map(({start}) => start);

it('stores what has come since the upload before, and at the end what is left', async () => {
  const uploads = new PackUploads(0, startsOf);
  for (const start of [0, 1, 2]) await uploads.add(segment(start));
  expect((await uploads.finish()).flat()).toEqual([0, 1, 2]);

  const seldom = new PackUploads(Infinity, startsOf);
  for (const start of [0, 1, 2]) await seldom.add(segment(start));
  expect(await seldom.finish()).toEqual([[0, 1, 2]]);
});

it('goes on while one is under way, and rejects with what that one fails with', async () => {
  const storing = Promise.withResolvers<number[]>();
  const uploads = new PackUploads(0, () => storing.promise);
  await uploads.add(segment(0));
  storing.reject(new Error('no room'));
  await expect(uploads.add(segment(1))).rejects.toThrow('no room');
});

it('saves what is left of a worker that fails, and never fails itself', async () => {
  const saved: number[] = [];
  const uploads = new PackUploads(Infinity, startsOf);
  for (const start of [0, 1]) await uploads.add(segment(start));
  await uploads.salvage(async (files) => {
    saved.push(...(await startsOf(files)));
    return [];
  });
  expect(saved).toEqual([0, 1]);
  await uploads.salvage(() => Promise.reject(new Error('no room')));
});
