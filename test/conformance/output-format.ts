import {mkdir, mkdtemp, readdir} from 'node:fs/promises';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import type {JoinTarget, OutputFormat, Segment} from '../../src/media/formats/output-format.ts';
import {planChunks} from '../../src/model/plan.ts';
import {QUALITIES} from '../../src/model/quality.ts';
import {everyFrame} from '../support/segments.ts';

/** A film that a format is tried with. */
export interface FormatTrial {
  timeline: JoinTarget['timeline'];
  /** Encodes frames `[start, end)` into a file of this directory. */
  draw(range: {start: number; end: number}, directory: string): Promise<Segment>;
  /** A hash of each frame that a finished file shows. */
  framesOf(path: string): Promise<readonly unknown[]>;
  /** The same of the whole film, drawn without any join. */
  reference(): Promise<readonly unknown[]>;
  /** A sound file of the film's length. */
  sound(): Promise<string>;
  /** A folder for every file of the trial. */
  scratch: string;
}

/** Every format passes this. `trial` is asked for once a check. */
export function outputFormatConformance(format: OutputFormat, trial: () => FormatTrial): void {
  describe(`${format.name} as an OutputFormat`, {timeout: 120_000}, () => {
    const {signal} = new AbortController();

    /** A joiner, and the film's segments, in files that it owns. */
    const opened = async (workers: number, stop: AbortSignal = signal) => {
      const {timeline, scratch, draw} = trial();
      const folder = await mkdtemp(join(scratch, 'join-'));
      const [directory, drawn] = [join(folder, 'film'), join(folder, 'segments')];
      for (const path of [directory, drawn]) await mkdir(path);
      const ranges = planChunks(everyFrame(timeline.frames), workers);
      const segments = await Promise.all(ranges.map((range) => draw(range, drawn)));
      const joiner = await format.open({timeline, consume: true, directory, signal: stop});
      const left = async () => [...(await readdir(directory)), ...(await readdir(drawn))];
      return {joiner, segments, left, timeline};
    };

    it.each(QUALITIES)('can hold what %s is encoded in', (quality) => {
      expect(format.encodings(quality)[0]).toMatchObject({codec: expect.any(String)});
    });

    it.each([1, 3, 7])('joins %i segments, in any order, to the film of one', async (workers) => {
      const {joiner, segments, left, timeline} = await opened(workers);
      const [odd, even] = [1, 0].map((rest) => segments.filter((_, index) => index % 2 === rest));
      for (const segment of [...(odd ?? []), ...(even ?? []).toReversed()]) await joiner.add(segment);
      const {path} = await joiner.finish();
      await format.verify(path, {timeline, sound: false});
      expect(await trial().framesOf(path)).toEqual(await trial().reference());
      expect(await left()).toHaveLength(1);
    });

    it('puts the sound in, and tells a film with from one without', async () => {
      const {joiner, segments, timeline} = await opened(2);
      for (const segment of segments) await joiner.add(segment);
      const {path} = await joiner.finish(await trial().sound());
      await format.verify(path, {timeline, sound: true});
      await expect(format.verify(path, {timeline, sound: false})).rejects.toMatchObject({
        name: 'FilmMismatch',
      });
    });

    it('names a segment that cannot be one of this film, and goes on without it', async () => {
      const {joiner, segments, timeline} = await opened(3);
      const [first, second, third] = segments as [Segment, Segment, Segment];
      await joiner.add(third);
      const {frames} = timeline;
      const wrong: [Segment, RegExp][] = [
        [{...first, start: -1}, /frames -1 to /],
        [{...third, end: frames + 1}, new RegExp(`frames ${third.start} to ${frames + 1} `)],
        [{...first, file: {...first.file, frames: 1}}, new RegExp(`frames 0 to ${first.end} .*has 1 frames`)],
        [third, new RegExp(`overlaps frames ${third.start} to ${third.end}`)],
      ];
      for (const [segment, words] of wrong)
        await expect(joiner.add(segment)).rejects.toMatchObject({
          name: 'ChunkMismatch',
          message: expect.stringMatching(words),
        });
      for (const segment of [second, first]) await joiner.add(segment);
      await format.verify((await joiner.finish()).path, {timeline, sound: false});
    });

    it('names the frames that are missing, and leaves nothing when it is given up then', async () => {
      const {joiner, segments, left} = await opened(3);
      const [first, second, third] = segments as [Segment, Segment, Segment];
      for (const segment of [first, third]) await joiner.add(segment);
      await expect(joiner.finish()).rejects.toMatchObject({
        name: 'FilmMismatch',
        message: expect.stringContaining(`Frames ${second.start} to ${second.end} `),
      });
      await joiner.abort();
      await joiner.abort();
      expect(await left()).toHaveLength(1);
      await expect(joiner.add(second)).rejects.toMatchObject({name: 'Internal'});
    });

    it.each(['abort', 'signal'] as const)(
      'leaves nothing when it ends by %s while it is joined',
      async (how) => {
        const caller = new AbortController();
        const {joiner, segments, left} = await opened(2, caller.signal);
        for (const segment of segments) await joiner.add(segment);
        const finished = joiner.finish();
        finished.catch(() => {});
        if (how === 'signal') caller.abort();
        await joiner.abort();
        await expect(finished).rejects.toMatchObject({name: 'Aborted'});
        expect(await left()).toEqual([]);
        await expect(joiner.finish()).rejects.toMatchObject({name: 'Internal'});
      },
    );
  });
}
