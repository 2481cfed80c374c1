import fc from 'fast-check';
import {expect, it} from 'vitest';
import {shareFrames} from '../../../src/job/chunks/share-frames.ts';
import {segmentRanges} from '../../../src/model/segments.ts';

const chunk = {start: 10, segments: [5, 5, 5, 5, 5]};
const whole = {start: 10, end: 35};

it.each([
  ['has begun its first segment', 0, {until: 25, helper: {start: 25, end: 35}}],
  ['is in its second', 7, {until: 25, helper: {start: 25, end: 35}}],
  ['is in its fourth', 17, {until: 30, helper: {start: 30, end: 35}}],
  ['is in its last: both draw it', 21, {helper: {start: 30, end: 35}}],
])('a late worker that %s', (_, drawn, shared) => {
  const missing = {start: drawn > 20 ? 30 : 10, end: 35};
  expect(shareFrames(chunk, {missing, drawn})).toEqual(shared);
});

it('a worker without a sign of life is not relied on: all is drawn by another one', () => {
  expect(shareFrames(chunk, {missing: whole, drawn: undefined})).toEqual({helper: whole});
});

it('the two of them draw all that is missing, in whole segments, and only the last one twice', () => {
  const holds = fc.property(
    fc.array(fc.integer({min: 1, max: 6}), {minLength: 1, maxLength: 10}),
    fc.nat(9),
    fc.nat(60),
    (segments, from, drawn) => {
      const ranges = segmentRanges(segments, 100);
      const first = ranges[Math.min(from, ranges.length - 1)] as {start: number; end: number};
      const missing = {start: first.start, end: (ranges.at(-1) as {end: number}).end};
      const {until, helper} = shareFrames({start: 100, segments}, {missing, drawn});
      expect(ranges.some((one) => one.start === helper.start)).toBe(true);
      expect(helper.end).toBe(missing.end);
      if (until === undefined) expect(helper).toEqual(missing);
      else {
        expect(until).toBe(helper.start);
        expect(until).toBeGreaterThan(Math.max(missing.start, 100 + drawn));
      }
    },
  );
  fc.assert(holds);
});
