import {describe, expect, it} from 'vitest';
import {cancelJob} from '../../../src/job/cancel-job.ts';
import {listAll} from '../../../src/storage/list-all.ts';
import {drawn, filmKeys, send, storage} from '../../support/jobs.ts';

describe('pictures', () => {
  it('lie next to the film, and come with addresses', async () => {
    const result = await send({poster: 0, thumbnails: 3});
    expect(result).toMatchObject({
      poster: {key: 'renders/film.poster.jpg', url: expect.stringMatching(/^file:.*film\.poster\.jpg$/)},
      thumbnails: {key: 'renders/film.thumbnails.jpg', count: 3, url: expect.stringMatching(/^file:/)},
    });
    const keys = ['renders/film.mp4', 'renders/film.poster.jpg', 'renders/film.thumbnails.jpg'];
    expect(await filmKeys()).toEqual(keys);
    // The stored result has no addresses, which would expire.
    expect(await send({poster: 0, thumbnails: 3})).toEqual(result);
    expect(
      await cancelJob({jobType: 'cancel', jobId: 'film'}, {storage}, AbortSignal.timeout(10_000)),
    ).toMatchObject({
      state: 'finished',
    });
    expect(await filmKeys()).toEqual(keys);
  });

  it('that the film has not are refused before anything is drawn', async () => {
    await expect(send({poster: 1_000})).rejects.toMatchObject({
      name: 'BadEvent',
      message: expect.stringMatching(/poster is 1000; .* less than the film's length, [\d.]+ s \(\d+ frames/),
    });
    expect(drawn).toEqual([]);
    expect(await listAll('chunks/', {storage})).toEqual([]);
  });
});
