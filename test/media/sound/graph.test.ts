import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {cuttingGraph, tempoChain} from '../../../src/media/sound/graph.ts';
import {joinRuns, leadOf, sampleAt} from '../../../src/media/sound/stretches.ts';
import {run} from '../../support/soundtrack.ts';

const fps = fc.constantFrom(24000 / 1001, 30000 / 1001, 23.976, 24, 25, 29.5, 30, 50, 60, 7.5);

describe('sampleAt', () => {
  test('frames follow each other without gap and differ by at most a sample', () => {
    fc.assert(
      fc.property(fps, fc.nat(1_000_000), (rate, frame) => {
        const length = sampleAt(frame + 1, rate) - sampleAt(frame, rate);
        expect(Math.abs(length - 48_000 / rate)).toBeLessThan(1);
      }),
    );
  });
});

describe('tempoChain', () => {
  test('multiplies to the speed in links that any ffmpeg takes', () => {
    fc.assert(
      fc.property(fc.double({min: 0.01, max: 200, noNaN: true}), (rate) => {
        const chain = tempoChain(rate);
        expect(chain.reduce((product, link) => product * link, 1) / rate).toBeCloseTo(1, 9);
        for (const link of chain) {
          expect(Number(link.toFixed(9))).toBeGreaterThanOrEqual(0.5);
          expect(Number(link.toFixed(9))).toBeLessThanOrEqual(2);
        }
      }),
    );
    expect(tempoChain(1)).toEqual([]);
    expect(tempoChain(2)).toEqual([2]);
    expect(tempoChain(0.25)).toEqual([0.5, 0.5]);
  });
});

describe('joinRuns', () => {
  test('a sound that goes on is one stretch whose steps cover it, however often its volume changes', () => {
    const lengths = fc.array(fc.integer({min: 1, max: 50}), {minLength: 1, maxLength: 40});
    fc.assert(
      fc.property(lengths, fps, fc.double({min: 0.25, max: 4, noNaN: true}), (frames, rate, playbackRate) => {
        let at = 0;
        const runs = frames.map((length, index) => {
          const startFrame = at;
          at += length;
          const mediaTime = (startFrame / rate) * playbackRate;
          return run('/a.wav', {
            voice: 'a',
            startFrame,
            frames: length,
            mediaTime,
            playbackRate,
            volume: 1 / (index + 1),
          });
        });
        const [stretch, ...others] = joinRuns(runs.toReversed(), {frames: at, fps: rate});
        expect(others).toEqual([]);
        expect(stretch).toMatchObject({from: 0, to: sampleAt(at, rate), mediaTime: 0});
        const borders = stretch?.steps.flatMap(({from, to}) => [from, to]) ?? [];
        expect(borders.slice(1, -1).filter((_, index) => index % 2 === 0)).toEqual(
          borders.slice(1, -1).filter((_, index) => index % 2 === 1),
        );
        expect(stretch?.steps.map(({volume}) => volume)).toEqual(runs.map(({volume}) => volume));
      }),
    );
  });

  test.each([
    ['another source', {src: '/b.wav'}],
    ['another speed', {playbackRate: 1.5}],
    ['a jump', {mediaTime: 2}],
    ['a jump by a sample', {mediaTime: 1 + 1 / 48_000}],
    ['a pause', {startFrame: 31}],
    ['another voice', {voice: 'b'}],
  ])('%s begins another stretch', (_, differently) => {
    const first = run('/a.wav', {voice: 'a', frames: 30});
    const runs = [first, {...first, startFrame: 30, mediaTime: 1, ...differently}];
    expect(joinRuns(runs, {frames: 200, fps: 30})).toHaveLength(2);
  });

  test('the same sound twice at a time is two stretches', () => {
    const twice = (startFrame: number) =>
      ['a', 'b'].map((voice) => run('/a.wav', {voice, startFrame, frames: 30, mediaTime: startFrame / 30}));
    const runs = [...twice(0), ...twice(30)];
    const stretches = joinRuns(runs, {frames: 60, fps: 30});
    expect(stretches.map(({from, to}) => [from, to])).toEqual([
      [0, 96_000],
      [0, 96_000],
    ]);
  });

  test('what is never heard is left out', () => {
    const runs = [
      run('/a.wav', {volume: 0}),
      run('/a.wav', {startFrame: 90}),
      run('/a.wav', {startFrame: -90}),
    ];
    expect(joinRuns(runs, {frames: 90, fps: 30})).toEqual([]);
  });

  test('a start before the source is a lead of silence, at the speed of the run', () => {
    const [stretch] = joinRuns([run('/a.wav', {mediaTime: -1, playbackRate: 2})], {frames: 90, fps: 30});
    expect(stretch && leadOf(stretch)).toBe(24_000);
  });
});

describe('cuttingGraph', () => {
  test('fifty cuts of any kind fit a command line', () => {
    const runs = Array.from({length: 50}, (_, index) =>
      run('/a.wav', {
        startFrame: index,
        frames: 1,
        mediaTime: 86_400 - index,
        playbackRate: 0.01 + index / 1e6,
      }),
    );
    const stretches = joinRuns(runs, {frames: 50, fps: 30});
    expect(stretches).toHaveLength(50);
    expect(cuttingGraph(stretches, {mono: true}).length).toBeLessThan(100_000);
  });
});
