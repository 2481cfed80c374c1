import {z} from 'zod';
import type {JobEvent} from '../job-tools.ts';

/** How far a run is. */
export const Progress = z.object({
  phase: z.enum(['planning', 'rendering', 'merging', 'publishing']),
  /** Frames of the film; 0 until the project has said how many. */
  frames: z.int().min(0),
  /** Frames of the chunks that are done: a chunk counts as a whole, whether drawn or found. */
  framesDrawn: z.int().min(0),
  /** Chunks of the film; 0 until it is planned. */
  chunks: z.int().min(0),
  chunksDone: z.int().min(0),
});
export type Progress = z.infer<typeof Progress>;

/** Of a job that nobody has begun before. */
export const NOTHING_DRAWN: Progress = {
  phase: 'planning',
  frames: 0,
  framesDrawn: 0,
  chunks: 0,
  chunksDone: 0,
};

/**
 * Keeps a run's progress up to date from what its job tells, and passes that on.
 *
 * No number runs backwards within a request: a chunk that is drawn anew is still counted once, and a run that goes on
 * with what another has handed over, or left behind when it died, begins with that one's numbers, until its own are
 * larger. They say what has been drawn, not what is still there. The phase begins anew with each run, and so do the
 * numbers after a failure, since another request may follow it.
 */
export function trackProgress(
  run: {progress: Progress},
  onEvent: (event: JobEvent) => void,
): (event: JobEvent) => void {
  const before = run.progress;
  const done = new Map<number, number>();
  const change = (to: Partial<Progress>) => {
    run.progress = {...run.progress, ...to};
  };
  return (event) => {
    if (event.state === 'rendering') {
      change({phase: 'rendering', frames: event.timeline.frames, chunks: event.workers});
    } else if (event.state === 'done') {
      done.set(event.workerId, event.frames);
      const framesDrawn = [...done.values()].reduce((sum, frames) => sum + frames, 0);
      change({
        framesDrawn: Math.max(before.framesDrawn, framesDrawn),
        chunksDone: Math.max(before.chunksDone, done.size),
      });
    } else if (event.state === 'merging' || event.state === 'publishing') change({phase: event.state});
    onEvent(event);
  };
}
