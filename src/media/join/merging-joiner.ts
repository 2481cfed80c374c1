import {rm} from 'node:fs/promises';
import {RenderError} from '../../base/errors.ts';
import type {Joiner, JoinTarget, MuxSettings, Segment} from '../formats/output-format.ts';
import {mergeFilm} from './merge.ts';
import {SegmentRow} from './segment-row.ts';

/** A joiner that only collects while segments arrive, and merges them with ffmpeg at the end. */
export async function openMergingJoiner(target: JoinTarget, format: MuxSettings): Promise<Joiner> {
  const {timeline, metadata, consume = false, directory} = target;
  const row = new SegmentRow(timeline.frames);
  const giveUp = new AbortController();
  const signal = AbortSignal.any([target.signal, giveUp.signal]);
  let finishing: Promise<string> | undefined;
  let aborted = false;

  const mustBeOpen = () => {
    if (finishing || aborted) throw new RenderError('Internal', 'This film is finished or given up already.');
  };

  return {
    async add(segment: Segment) {
      mustBeOpen();
      row.add(segment);
    },

    async finish(soundtrack) {
      mustBeOpen();
      const chunks = row.whole().map(({file}) => file);
      const files = {chunks, consume, soundtrack, directory};
      finishing = mergeFilm({...files, timeline, format, signal, ...(metadata && {metadata})});
      return {path: await finishing};
    },

    async abort() {
      if (aborted) return;
      aborted = true;
      giveUp.abort(new RenderError('Aborted', 'The film was given up while it was joined.'));
      const film = await finishing?.catch(() => undefined);
      const owned = consume ? row.inOrder().map(({file}) => file.path) : [];
      for (const path of film === undefined ? owned : [film, ...owned]) await rm(path, {force: true});
    },
  };
}
