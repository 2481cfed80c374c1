import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {cut, decodeGray, openStage, shuffle} from '../../support/exact.ts';
import {
  CLIPS,
  type ClipName,
  makeNumberedClips,
  type NumberedClip,
  readClip,
} from '../../support/numbered-clips.ts';

/** As in the scene. */
interface ClipCase {
  props: {
    src: string;
    play?: boolean;
    loop?: boolean;
    time?: number;
    playbackRate?: number;
    decoder?: Decoder;
  };
  at?: {seconds: number; seek?: number; pause?: boolean; play?: boolean; tween?: number}[];
}
type Decoder = 'web' | 'ffmpeg' | 'slow' | null;

const show = (src: ClipName, props: Partial<ClipCase['props']> = {}, at: ClipCase['at'] = []): ClipCase => ({
  props: {src: `/${src}`, play: true, ...props},
  at,
});

/** Times of containers are rounded: to 1 ms in webm, to 1/90000 s in these mp4. */
const ROUNDING = 0.00051;

describe('a clip shows, in every frame, the frame of its that is on for most of it', {
  timeout: 300_000,
}, () => {
  beforeAll(makeNumberedClips);

  describe.each(['clips', 'clips-24'])('%s', (project) => {
    const stages: AsyncDisposable[] = [];
    afterAll(async () => {
      for (const stage of stages) await stage[Symbol.asyncDispose]();
    });

    test.each<{name: string; cases: ClipCase[]; seconds?: number}>([
      {
        name: '30 and 24000/1001 and 25 fps',
        cases: [show('b30.mp4'), show('b24.mp4'), show('b25.mp4')],
        seconds: 2.5,
      },
      {
        name: '50 fps, open GOP, variable',
        cases: [show('b50.mp4'), show('open-gop.mp4'), show('variable.mp4')],
        seconds: 3.2,
      },
      {name: 'late, mov, webm', cases: [show('late.mp4'), show('b25.mov'), show('vp9.webm')], seconds: 2.5},
      {
        name: 'half, double and odd speed',
        cases: [
          show('b30.mp4', {playbackRate: 0.5}),
          show('open-gop.mp4', {playbackRate: 2}),
          show('vp9-24.webm', {playbackRate: 1.37}),
        ],
      },
      {
        name: 'loop',
        cases: [show('short.mp4', {loop: true}), show('short.mp4', {loop: true, playbackRate: 3})],
        seconds: 2,
      },
      {name: 'a clip that ends early', cases: [show('short.mp4'), show('vp9.webm', {time: 2.5})], seconds: 2},
      {
        name: 'offset',
        cases: [
          show('open-gop.mp4', {time: 1.55}),
          show('b24.mp4', {time: 0.71}),
          show('b50.mp4', {time: 2}),
        ],
      },
      {
        name: 'jumps back and forth',
        cases: [
          show('open-gop.mp4', {}, [
            {seconds: 0.2, pause: true, seek: 3.99, play: true},
            {seconds: 0.5, pause: true, seek: 1.6, play: true},
            {seconds: 0.8, pause: true, seek: 0.01},
          ]),
          show('b25.mp4', {play: false}, [
            {seconds: 0.3, seek: 3.5},
            {seconds: 0.6, seek: 1.7},
            {seconds: 0.7, seek: 1.62},
          ]),
          show('vp9.webm', {}, [
            {seconds: 0.4, pause: true},
            {seconds: 0.9, play: true},
          ]),
        ],
        seconds: 1.2,
      },
      {
        name: 'two nodes from one file',
        cases: [show('b30.mp4'), show('b30.mp4', {time: 2}), show('b30.mp4', {playbackRate: 2})],
      },
      {
        name: 'every decoder',
        cases: [
          show('b30.mp4', {decoder: 'web'}),
          show('b30.mp4', {decoder: 'ffmpeg'}),
          show('vp9.webm', {decoder: 'web'}),
        ],
      },
      {
        name: 'the slow decoder',
        cases: [show('b30.mp4', {decoder: 'slow'}), show('open-gop.mp4', {decoder: 'slow', time: 1})],
      },
    ])('$name', async ({cases, seconds = 1}) => {
      const stage = openStage(project, {cases: JSON.parse(JSON.stringify(cases)), seconds});
      stages.push(stage);
      const {frames, fps, size} = await stage.plan();
      const {pictures, whole} = await stage.chunk([0, frames], async (file) => ({
        pictures: await decodeGray(file, size),
        whole: file.hashes,
      }));
      expect(pictures).toHaveLength(frames);
      expect(whole).toHaveLength(frames);
      const wrong = pictures.flatMap((picture, index) =>
        cases.flatMap((one, row) => {
          const name = one.props.src.slice(1) as ClipName;
          const {time, frame} = readClip(picture, row);
          const due = dueFrames(CLIPS[name], {time, step: (one.props.playbackRate ?? 1) / fps});
          return due.includes(frame) ? [] : [{frame: index, name, time, shown: frame, due}];
        }),
      );
      expect(wrong).toEqual([]);
      expect(await stage.hashes(shuffle(cut(frames, 9), 5))).toEqual(whole);
    });
  });
});

test('at equal rates a clip shows each of its frames once and in order, from its first one on, past the ends of animations', {
  timeout: 120_000,
}, async () => {
  await makeNumberedClips();
  const tweens = [
    {seconds: 0, tween: 0.7},
    {seconds: 0.71, tween: 0.45},
    {seconds: 1.3, tween: 1},
  ];
  const names = ['b30.mp4', 'vp9.webm', 'late.mp4'] as const;
  const cases = names.map((name, row) => show(name, {}, row === 0 ? tweens : []));
  await using stage = openStage('clips', {cases: JSON.parse(JSON.stringify(cases)), seconds: 3.1});
  const {frames, size} = await stage.plan();
  const pictures = await stage.chunk([0, frames], (file) => decodeGray(file, size));
  expect(frames).toBeGreaterThan(92);
  const shown = names.map((_, row) => pictures.map((picture) => readClip(picture, row).frame));
  const last = 89;
  const plain = pictures.map((_, frame) => Math.min(frame, last));
  // It begins half a second into its file.
  const late = pictures.map((_, frame) => Math.min(Math.max(0, frame - 15), last));
  expect(shown).toEqual([plain, plain, late]);
});

/**
 * The frame in the middle of a film's frame, which lasts `step` seconds of the clip. If the clip has more
 * frames, it is the one nearest to the start. Both are given where rounding decides.
 */
function dueFrames(clip: NumberedClip, {time, step}: {time: number; step: number}): number[] {
  const all = Array.from({length: clip.frames}, (_, frame) => frame);
  const shownAt = (moment: number) => {
    const due = all.findLast((frame) => clip.time(frame) <= moment) ?? 0;
    if (due + 1 === clip.frames) return due;
    const half = Math.min(step, clip.time(due + 1) - clip.time(due)) / 2;
    return clip.time(due + 1) - moment < half - 1e-6 ? due + 1 : due;
  };
  return [shownAt(time - 2 * ROUNDING), shownAt(time), shownAt(time + 2 * ROUNDING)];
}
