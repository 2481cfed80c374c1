import type {FlashName} from './flash-clips.ts';

/** Seconds of `round.mp4`: it ends with its sound's last packet. */
const ROUND = 0.54;

/** As in the scenes. */
interface Props {
  src: string;
  play?: boolean;
  time?: number;
  loop?: boolean;
  playbackRate?: number;
}
type Step =
  | {add: Props}
  | {wait: number}
  | {tween: number}
  | {to: number}
  | {rate: number}
  | 'pause'
  | 'play'
  | 'aside';

const show = (name: FlashName, props: Partial<Props> = {}): Step => ({
  add: {src: `/${name}`, play: true, ...props},
});
/**
 * How the clip plays from action number `action` to action number `until`, or to the film's end: from `media`
 * seconds on, at `rate`. The actions are the scenes' starts and all steps except waits and tweens; the first
 * is 0.
 */
interface Play {
  action: number;
  until?: number;
  media?: number;
  rate?: number;
}

/** A film, and how its clip plays in it. */
export interface Case {
  name: string;
  clip: FlashName;
  scenes: [first: Step[], second?: Step[]];
  plays: Play[];
  project?: 'flash' | 'flash-24' | 'flash-60';
}

const rate = (playbackRate: number, clip: FlashName = 'f30.mp4'): Case => ({
  name: `at ${playbackRate} times the speed`,
  clip,
  scenes: [[{wait: 0.1}, show(clip, {playbackRate}), {wait: 2.5}]],
  plays: [{action: 1, until: 2, rate: playbackRate}],
});
const pair = (clip: FlashName, project: Case['project'], name: string): Case => ({
  ...{name, clip, project},
  scenes: [[{wait: 0.07}, show(clip), {wait: 2}]],
  plays: [{action: 1, until: 2}],
});

/** Films in which a clip flashes and clicks. */
export const CASES: Case[] = [
  {
    name: 'from the start, over the end of a tween of 4 s',
    clip: 'f30.mp4',
    scenes: [[show('f30.mp4'), {tween: 4}]],
    plays: [{action: 1, until: 2}],
  },
  {
    name: 'later, in the second scene, between two frames',
    clip: 'f30.mp4',
    scenes: [[{wait: 0.51}], [{wait: 0.347}, show('f30.mp4'), {wait: 2}, 'pause']],
    plays: [{action: 2, until: 3}],
  },
  {
    name: 'after a tween of 4 s and shorter ones',
    clip: 'f30.mp4',
    scenes: [[{tween: 4}, show('f30.mp4'), {tween: 0.45}, {tween: 0.7}, {wait: 0.33}, {tween: 0.5}]],
    plays: [{action: 1, until: 2}],
  },
  {
    name: 'jumps forward and back, small and large',
    clip: 'f30.mp4',
    scenes: [
      [
        ...[show('f30.mp4'), {wait: 0.6}, {to: 1.153}, 'play', {wait: 0.5}, {to: 0.35}, 'play'],
        ...[{wait: 0.3}, {to: 0.41}, 'play', {wait: 0.5}],
      ] as Step[],
    ],
    plays: [
      {action: 1, until: 2},
      {action: 2, until: 4, media: 1.153},
      {action: 4, until: 6, media: 0.35},
      {action: 6, until: 8, media: 0.41},
    ],
  },
  {
    name: 'paused for a while',
    clip: 'f30.webm',
    scenes: [[show('f30.webm'), {wait: 0.5}, 'pause', {wait: 0.6}, 'play', {wait: 0.9}]],
    plays: [
      {action: 1, until: 2},
      {action: 3, until: 4, media: 0.5},
    ],
  },
  rate(0.5),
  rate(1.5),
  rate(2),
  {
    name: 'changes its speed as it goes',
    clip: 'f30.mp4',
    scenes: [[show('f30.mp4'), {wait: 0.7}, {rate: 2}, {wait: 0.5}, {rate: 0.5}, {wait: 1}]],
    plays: [
      {action: 1, until: 2},
      {action: 2, until: 3, rate: 2},
      {action: 3, until: 4, rate: 0.5},
    ],
  },
  {
    name: 'a generator that ends at once has it play',
    clip: 'f30.mp4',
    scenes: [[show('f30.mp4', {play: false, time: 0.2}), {wait: 0.3}, 'aside', {wait: 1.5}, 'pause']],
    plays: [{action: 2, until: 3, media: 0.2}],
  },
  pair('f25.mp4', 'flash', '25 frames a second in 30'),
  pair('f24.mp4', 'flash', '24000/1001 frames a second in 30'),
  pair('f30.webm', 'flash-60', '30 frames a second in 60'),
  pair('f60.mp4', 'flash-24', '60 frames a second in 24'),
  {
    name: 'goes round and round, between two frames',
    clip: 'round.mp4',
    scenes: [[show('round.mp4', {loop: true}), {wait: 2}, 'pause']],
    plays: [0, 1, 2, 3].map((round) => ({action: 1, until: 2, media: -round * ROUND})),
  },
];
