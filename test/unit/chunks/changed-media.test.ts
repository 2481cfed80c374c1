import {describe, expect, it} from 'vitest';
import {findChangedMedia, type OriginOfChunk} from '../../../src/job/chunks/changed-media.ts';
import type {SeenMedia} from '../../../src/model/segment-file.ts';

const file = (fields: Partial<SeenMedia> = {}): SeenMedia => ({
  id: 'a',
  name: 'https://a/clip',
  length: 1,
  ...fields,
});
const drawn = (...media: SeenMedia[]): OriginOfChunk => ({media, found: false});
const found = (...media: SeenMedia[]): OriginOfChunk => ({media, found: true});
const [old, young] = [file({etag: 'old'}), file({etag: 'new'})];

describe('chunks that are to be drawn anew', () => {
  it.each<[string, OriginOfChunk[], number[]]>([
    ['none where all show the same', [drawn(old), found(old), drawn(), {found: true}], []],
    [
      'those that were there, where those of this run agree',
      [found(old), drawn(young), found(young), drawn(young)],
      [0, 2],
    ],
    ['all, where those of this run differ', [drawn(old), found(old), drawn(young)], [0, 1, 2]],
    ['all, where all were there and differ', [found(old), found(young), found(file({id: 'b'}))], [0, 1]],
    ['none where a server tells nothing', [drawn(file({length: undefined})), drawn(young)], []],
    ['those of another length', [drawn(file()), found(file({length: 2}))], [1]],
    [
      'none where only the ETag differs, and the times do not',
      [drawn(file({etag: '1', modified: 't'})), drawn(file({etag: '2', modified: 't'}))],
      [],
    ],
    ['those of another time', [drawn(file({modified: 't'})), found(file({modified: 'u'}))], [1]],
    [
      'each once, whatever it shows',
      [drawn(young, file({id: 'b', etag: 'x'})), found(old, file({id: 'b', etag: 'y'}))],
      [1],
    ],
  ])('%s', (_, chunks, expected) => {
    expect(findChangedMedia(chunks).chunks).toEqual(expected);
  });

  it('are told with the addresses of the media', () => {
    expect(findChangedMedia([drawn(old), found(young), found(file({id: 'b'}))]).names).toEqual([
      'https://a/clip',
    ]);
  });
});
