import type {RenderProgress} from './types.ts';

/**
 * Reports a job's progress to a caller: only new values, and no number that runs backwards, whatever the
 * order of the reports. The phase is passed on unchanged.
 */
export function progressReport(
  onProgress: (progress: RenderProgress) => void = () => {},
): (progress: RenderProgress) => void {
  let last: RenderProgress | undefined;
  return (received) => {
    const next: RenderProgress = {
      ...last,
      ...received,
      frames: Math.max(received.frames, last?.frames ?? 0),
      framesDrawn: Math.max(received.framesDrawn, last?.framesDrawn ?? 0),
      chunks: Math.max(received.chunks, last?.chunks ?? 0),
      chunksDone: Math.max(received.chunksDone, last?.chunksDone ?? 0),
      bytes: Math.max(received.bytes, last?.bytes ?? 0),
      elapsedSeconds: Math.max(received.elapsedSeconds, last?.elapsedSeconds ?? 0),
      ...((received.cost ?? last?.cost) !== undefined && {
        cost: Math.max(received.cost ?? 0, last?.cost ?? 0),
      }),
    };
    const isNew = JSON.stringify(next) !== JSON.stringify(last);
    last = next;
    if (isNew) onProgress(next);
  };
}
