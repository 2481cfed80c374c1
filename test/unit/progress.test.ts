import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {RenderError} from '../../src/base/errors.ts';
import {ProgressTracker} from '../../src/job/runs/track-progress.ts';
import type {JobEvent} from '../../src/model/job-events.ts';
import {planChunks} from '../../src/model/plan.ts';
import {NOTHING_DRAWN} from '../../src/model/progress.ts';
import {everyFrame} from '../support/segments.ts';

describe('progress', () => {
  const chunks = 8;
  const rendering: JobEvent = {
    state: 'rendering',
    timeline: {
      frames: chunks * 3,
      segments: everyFrame(chunks * 3),
      fps: 30,
      size: {width: 2, height: 2},
      sounds: [],
    },
    chunks: planChunks(everyFrame(chunks * 3), chunks),
  };
  const done = fc.record({
    state: fc.constant('done' as const),
    workerId: fc.nat({max: chunks - 1}),
    frames: fc.constant(3),
    reused: fc.boolean(),
  });
  const other = fc.constantFrom<JobEvent>(
    rendering,
    {state: 'merging'},
    {state: 'publishing'},
    {state: 'throttled', concurrency: 1},
    {state: 'started', workerId: 0, attempt: 1, double: false},
  );
  const drawing = fc.record({
    state: fc.constant('drawing' as const),
    workerId: fc.nat({max: chunks - 1}),
    frames: fc.nat({max: 3}),
  });
  const retrying = fc.record({
    state: fc.constant('retrying' as const),
    workerId: fc.nat({max: chunks - 1}),
    attempt: fc.integer({min: 2, max: 3}),
    error: fc.constant(new RenderError('WorkerCrashed', 'gone')),
  });

  it('never runs backwards, within a run and from run to run, nor past the film', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.oneof(done, drawing, retrying, other))), (runs) => {
        let before = NOTHING_DRAWN;
        let cost = 0;
        for (const events of runs) {
          const tracker = new ProgressTracker({before, cost: () => cost++ % 7});
          let last = tracker.progress;
          for (const event of [rendering, ...events]) {
            tracker.observe(event);
            const now = tracker.progress;
            for (const name of ['frames', 'framesDrawn', 'chunks', 'chunksDone', 'elapsedSeconds'] as const)
              expect(now[name]).toBeGreaterThanOrEqual(last[name]);
            expect(now.cost).toBeGreaterThanOrEqual(last.cost ?? 0);
            expect(now.framesDrawn).toBeLessThanOrEqual(now.frames);
            expect(
              now.cells.filter(({state}) => state === 'done' || state === 'reused').length,
            ).toBeLessThanOrEqual(now.chunksDone);
            for (const [index, cell] of now.cells.entries())
              expect(cell.attempts).toBeGreaterThanOrEqual(last.cells[index]?.attempts ?? 0);
            for (const cell of now.cells) expect(cell.framesDrawn).toBeLessThanOrEqual(cell.frames);
            last = now;
          }
          const drawn = new Set(events.flatMap((event) => (event.state === 'done' ? [event.workerId] : [])));
          expect(last.chunksDone).toBe(Math.max(drawn.size, before.chunksDone));
          before = last;
        }
      }),
    );
  });
});
