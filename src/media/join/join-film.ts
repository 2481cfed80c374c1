import type {ChunkFile} from '../../model/segment-file.ts';
import type {JoinTarget, OutputFormat} from '../formats/output-format.ts';

/** A film whose chunks are all there. */
export interface FilmParts extends JoinTarget {
  format: OutputFormat;
  /** In the film's order. */
  chunks: readonly ChunkFile[];
  /** A sound file of the film's length; without it the film has no sound track. */
  soundtrack?: string | undefined;
}

/**
 * Joins chunks into a finished film and compares it with the plan.
 *
 * @returns the film's path, in `directory`
 * Rejects as the format's joiner and its `verify` do; no film is left then.
 */
export async function joinFilm({format, chunks, soundtrack, ...target}: FilmParts): Promise<string> {
  const joiner = await format.open(target);
  try {
    let start = 0;
    for (const file of chunks) {
      const end = start + file.frames;
      await joiner.add({start, end, file});
      start = end;
    }
    const {path} = await joiner.finish(soundtrack);
    await format.verify(path, {timeline: target.timeline, sound: soundtrack !== undefined});
    return path;
  } catch (error) {
    // The first error says more than one of the clean-up.
    await joiner.abort().catch(() => {});
    throw error;
  }
}
