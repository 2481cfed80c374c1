import type {RenderProgress} from './types.ts';

/**
 * Reports a job's progress to a caller: only new values, and no number that runs backwards, whatever the
 * order of the reports. The phase is passed on unchanged.
 */
export function progressReport(
  onProgress: (progress: RenderProgress) => void = () => {},
): (progress: RenderProgress) => void {
  let last: RenderProgress | undefined;
  return (heard) => {
    const next: RenderProgress = {
      ...last,
      ...heard,
      frames: Math.max(heard.frames, last?.frames ?? 0),
      framesDrawn: Math.max(heard.framesDrawn, last?.framesDrawn ?? 0),
      chunks: Math.max(heard.chunks, last?.chunks ?? 0),
      chunksDone: Math.max(heard.chunksDone, last?.chunksDone ?? 0),
      bytes: Math.max(heard.bytes, last?.bytes ?? 0),
      elapsedSeconds: Math.max(heard.elapsedSeconds, last?.elapsedSeconds ?? 0),
      ...((heard.cost ?? last?.cost) !== undefined && {
        cost: Math.max(heard.cost ?? 0, last?.cost ?? 0),
      }),
    };
    const isNew = JSON.stringify(next) !== JSON.stringify(last);
    last = next;
    if (isNew) onProgress(next);
  };
}
