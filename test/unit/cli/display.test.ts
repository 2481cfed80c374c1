import {stripVTControlCharacters} from 'node:util';
import fc from 'fast-check';
import stringWidth from 'string-width';
import {describe, expect, it} from 'vitest';
import {cellLines} from '../../../src/apps/cli/display/cells.ts';
import {progressLine, progressLines, type View} from '../../../src/apps/cli/display/lines.ts';
import {ChunkState, type Progress} from '../../../src/model/progress.ts';

const cell = fc
  .record({
    state: fc.constantFrom(...ChunkState.options),
    frames: fc.integer({min: 1, max: 500}),
    framesDrawn: fc.nat(500),
    attempts: fc.nat(4),
  })
  .map((made) => ({...made, framesDrawn: Math.min(made.framesDrawn, made.frames)}));
const cells = fc.array(cell, {maxLength: 1000, size: 'max'});
/** Words as programs write them: long, with colours of their own, wide, and on several lines. */
const words = fc.oneof(
  fc.string(),
  fc.constantFrom('\u001b[31mred\u001b[39m', '漢字漢字', 'two\nlines', 'x'.repeat(300)),
);
const view: fc.Arbitrary<View> = fc.record(
  {
    progress: fc.record(
      {
        phase: fc.constantFrom(
          'planning',
          'rendering',
          'merging',
          'publishing',
          'done',
          'failed',
          'cancelled',
        ),
        frames: fc.nat(1_000_000),
        framesDrawn: fc.nat(1_000_000),
        chunks: fc.nat(1000),
        chunksDone: fc.nat(1000),
        cells,
        bytes: fc.nat(),
        elapsedSeconds: fc.double({min: 0, max: 100_000, noNaN: true}),
        secondsLeft: fc.double({min: 0, max: 100_000, noNaN: true}),
        cost: fc.double({min: 0, max: 1000, noNaN: true}),
        errors: fc.array(fc.record({errorType: words, errorMessage: words, chunk: fc.nat(999)}), {
          maxLength: 2,
        }),
      },
      {
        requiredKeys: [
          'phase',
          'frames',
          'framesDrawn',
          'chunks',
          'chunksDone',
          'cells',
          'bytes',
          'elapsedSeconds',
          'errors',
        ],
      },
    ) as fc.Arbitrary<Progress>,
    rate: fc.double({min: 0, max: 10_000, noNaN: true}),
    question: fc.constant('Ctrl+C: [s]top and keep the chunks, [c]ancel for good or [g]o on?'),
  },
  {requiredKeys: ['progress']},
) as fc.Arbitrary<View>;
const room = fc.record({
  width: fc.integer({min: 1, max: 200}),
  height: fc.integer({min: 1, max: 60}),
  colour: fc.boolean(),
});

describe('a job on a terminal', () => {
  it('is never wider than it, nor higher, and colours change nothing else', () => {
    const fits = fc.property(view, room, (shown, {width, height, colour}) => {
      const lines = progressLines(shown, {width, height, colour});
      expect(lines.length).toBeLessThanOrEqual(height);
      for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(width);
      const plain = progressLines(shown, {width, height, colour: false});
      expect(plain.join('')).not.toContain('\u001b');
      expect(lines.map(stripVTControlCharacters)).toEqual(plain);
    });
    fc.assert(fits, {numRuns: 300});
  });

  it('has a cell for every chunk, or for as few neighbours as there is room for', () => {
    const fits = fc.property(cells, room, (chunks, {width, height}) => {
      const {lines, each} = cellLines(chunks, {width, height, colour: false});
      expect(lines.length).toBeLessThanOrEqual(height);
      expect(lines.join('')).toHaveLength(Math.ceil(chunks.length / each));
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
    });
    fc.assert(fits, {numRuns: 300});
  });

  it('tells every state apart without colour, and never hides one that is tried again', () => {
    const of = (state: ChunkState, attempts = 1) => ({
      state,
      attempts,
      frames: 8,
      framesDrawn: state === 'drawing' ? 4 : 0,
    });
    const states = [...ChunkState.options.map((state) => of(state)), of('done', 2)];
    const {lines} = cellLines(states, {width: 80, height: 5, colour: false});
    expect(new Set(lines.join('')).size).toBe(states.length);
    const many = Array.from({length: 100}, (_, index) => of(index === 37 ? 'retrying' : 'done'));
    const few = cellLines(many, {width: 10, height: 1, colour: false});
    expect(few).toEqual({each: 10, lines: ['███!██████']});
  });

  it('shows frames, percent, rate, time left, cost, chunks and the last error', () => {
    const done = {state: 'done', frames: 50, framesDrawn: 50, attempts: 1} as const;
    const progress: Progress = {
      ...{phase: 'rendering', frames: 100, framesDrawn: 75, chunks: 2, chunksDone: 1, bytes: 1},
      ...{elapsedSeconds: 65, secondsLeft: 9, cost: 0.0123},
      cells: [done, {state: 'drawing', frames: 50, framesDrawn: 25, attempts: 2}],
      errors: [{chunk: 1, attempt: 1, errorType: 'WorkerCrashed', errorMessage: 'no more memory'}],
    };
    expect(progressLines({progress, rate: 2.54}, {width: 80, height: 24, colour: false})).toEqual([
      `rendering  ${'█'.repeat(38)}${'░'.repeat(12)}  75 %`,
      '75 of 100 frames  2.5 frames/s  1 min 05 s  about 9 s left  $0.0123',
      '█▄',
      '█ 1 done  ▄ 1 drawing',
      'chunk 2, try 1, WorkerCrashed: no more memory',
    ]);
    expect(progressLine({progress, rate: 2.54})).toBe(
      'rendering 75 %, 75 of 100 frames, 1 of 2 chunks, 2.5 frames/s, 1 min 05 s, about 9 s left, $0.0123',
    );
  });
});
