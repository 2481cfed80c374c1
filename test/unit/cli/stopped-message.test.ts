import {expect, it} from 'vitest';
import {progressLine, progressLines} from '../../../src/apps/cli/display/lines.ts';
import {stoppedMessage} from '../../../src/apps/cli/render-here.ts';
import {NOTHING_DRAWN} from '../../../src/model/progress.ts';

it('a stopped job says how to continue it, in the place where it is', () => {
  expect(stoppedMessage('monday')).toMatch(/ Continue with: revideo-lambda resume monday$/);
  expect(stoppedMessage('monday', 'films')).toMatch(/: revideo-lambda resume monday --storage films$/);
});

it("the picture leaves a job's own failure to the command, and shows one of a chunk", () => {
  const error = {errorType: 'Aborted', errorMessage: 'Stopped before the end.'};
  const shown = (errors: object[]) =>
    progressLines(
      {progress: {...NOTHING_DRAWN, phase: 'failed', errors} as never},
      {width: 80, height: 24, colour: false},
    ).join('\n');
  expect(shown([error])).not.toContain('Stopped');
  expect(shown([{...error, chunk: 0, attempt: 1}, error])).toContain('chunk 1, try 1, Aborted: Stopped');
});

it('no speed is shown while nothing is drawn', () => {
  const progress = {...NOTHING_DRAWN, phase: 'rendering', frames: 30, chunks: 2} as const;
  expect(progressLine({progress, rate: 0})).not.toContain('frames/s');
  expect(progressLine({progress, rate: 7.25})).toContain('7.3 frames/s');
});
