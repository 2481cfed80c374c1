import type {JobEvent} from '../../job-tools.ts';
import {planChunks} from '../../plan.ts';
import {NOTHING_DRAWN, type Progress} from '../../runs/progress.ts';

type Cell = Progress['cells'][number];

/** Makes of a job's events what the display shows. `note` takes what is no matter of progress. */
export function progressOfEvents({
  show,
  note,
}: {
  show: (progress: Progress) => void;
  note: (line: string) => void;
}): (event: JobEvent) => void {
  const began = performance.now();
  let progress = NOTHING_DRAWN;
  const change = (to: Partial<Progress>) => {
    progress = {...progress, ...to, elapsedSeconds: (performance.now() - began) / 1000};
    show(progress);
  };
  const setCell = (index: number, to: (cell: Cell) => Partial<Cell>) => {
    const cells = progress.cells.map((cell, at) => (at === index ? {...cell, ...to(cell)} : cell));
    const framesDrawn = cells.reduce((sum, cell) => sum + cell.framesDrawn, 0);
    const done = cells.filter(({state}) => state === 'done' || state === 'reused');
    change({cells, framesDrawn: Math.max(framesDrawn, progress.framesDrawn), chunksDone: done.length});
  };

  return (event) => {
    switch (event.state) {
      case 'planning':
      case 'merging':
      case 'publishing':
        return change({phase: event.state});
      case 'waiting':
        return note(
          'Another run of this job renders it: waiting (if it has died, that is known after 12 s).',
        );
      case 'handing over':
        return note('The job goes on in another invocation.');
      case 'rendering': {
        const {frames} = event.timeline;
        const cells = planChunks(frames, event.workers).map(
          ({start, end}): Cell => ({state: 'waiting', frames: end - start, framesDrawn: 0, attempts: 0}),
        );
        return change({phase: 'rendering', frames, chunks: event.workers, cells});
      }
      case 'started':
        return setCell(event.workerId, () => ({state: 'starting', attempts: event.attempt}));
      case 'drawing':
        return setCell(event.workerId, ({frames}) => ({
          state: event.frames < frames ? 'drawing' : 'uploading',
          framesDrawn: event.frames,
        }));
      case 'retrying': {
        const {workerId: chunk, attempt, error} = event;
        const told = {chunk, attempt: attempt - 1, errorType: error.name, errorMessage: error.message};
        change({errors: [...progress.errors, told].slice(-10)});
        return setCell(chunk, () => ({state: 'retrying', framesDrawn: 0}));
      }
      case 'refused':
        return setCell(event.workerId, () => ({state: 'waiting'}));
      case 'done':
        return setCell(event.workerId, ({frames}) => ({
          state: event.reused ? 'reused' : 'done',
          framesDrawn: frames,
        }));
      case 'finished':
        return change({phase: 'done', framesDrawn: event.result.frames, frames: event.result.frames});
      case 'failed':
        return change({phase: event.error.name === 'Cancelled' ? 'cancelled' : 'failed'});
      default:
    }
  };
}
