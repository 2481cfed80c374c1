import type {SourceKind} from './source.ts';
import {leadOf, SAMPLE_RATE, type Stretch} from './stretches.ts';

/**
 * The speeds whose product is `rate`, each between 0.5 and 2: what one `atempo` of any ffmpeg takes, and where
 * it blends samples. Above 2 newer ones skip some (https://ffmpeg.org/ffmpeg-filters.html#atempo).
 *
 * @param rate above 0
 */
export function tempoChain(rate: number): number[] {
  if (rate === 1) return [];
  const links = Math.max(1, Math.ceil(Math.abs(Math.log2(rate)) - 1e-9));
  return Array.from({length: links}, () => rate ** (1 / links));
}

/**
 * `atempo` is up to a window (1/24 s) short at its end, in each link of a chain. So it gets more input than
 * it needs.
 */
const TEMPO_MARGIN = SAMPLE_RATE / 4;

/** Seconds that `atempo` takes together at 48 kHz: the power of two that is nearest to 1/24 s. */
const TEMPO_WINDOW = 2048 / SAMPLE_RATE;
/** Milliseconds of silence before a cut that changes its speed: so that its start is treated as all that follows. */
const TEMPO_RUN_IN = 100;
/** Seconds by which a sound that is made faster comes too early, about. Measured, as all of this. */
const FASTER_LEAD = 0.005;

/**
 * Seconds by which the middle of a short sound comes too early out of `tempoChain(rate)`. It smears such a sound over
 * its window, and where it makes one longer, most of that lies before the place where the sound belongs.
 */
function tempoLead(rate: number): number {
  if (rate >= 1) return rate === 1 ? 0 : FASTER_LEAD;
  return tempoChain(rate).reduce((lead, link) => lead / link + (1 - link) * TEMPO_WINDOW, 0);
}

/**
 * ffmpeg's filter graph that cuts stretches out of the first sound of input 0. Each has its own pad `[out0]`,
 * `[out1]` …, at 48 kHz in stereo floats and at volume 1. It is as long as the stretch without its lead, or
 * shorter where the source ends.
 *
 * The order makes every cut independent of the source's sample rate and packets. The sound is resampled,
 * placed on the source's own clock (a late track gets its silence), cut by sample numbers, and then changed
 * in speed.
 */
export function cuttingGraph(stretches: readonly Stretch[], {mono}: Pick<SourceKind, 'mono'>): string {
  const pads = stretches.map((_, index) => `[cut${index}]`);
  // Silence up to behind the last start: an output that gets no sample at all is an error in ffmpeg 7 and later.
  const reach = Math.max(...stretches.map(startOf)) + 1;
  const head = [
    `aresample=${SAMPLE_RATE}`,
    'aresample=async=1:first_pts=0:min_comp=0.000001',
    ...(mono ? ['pan=stereo|c0=c0|c1=c0'] : []),
    'aformat=sample_fmts=flt:channel_layouts=stereo',
    `apad=whole_len=${reach}`,
    `asplit=${pads.length}${pads.join('')}`,
  ];
  const cuts = stretches.map((stretch, index) => `${pads[index]}${cutOf(stretch)}[out${index}]`);
  return [`[0:a:0]${head.join(',')}`, ...cuts].join(';');
}

/** Source sample a cut begins with. */
const startOf = ({mediaTime}: Stretch): number => Math.round(Math.max(0, mediaTime) * SAMPLE_RATE);

function cutOf(stretch: Stretch): string {
  const {from, to, playbackRate} = stretch;
  const start = startOf(stretch);
  const length = to - from - leadOf(stretch);
  const margin = playbackRate === 1 ? 0 : TEMPO_MARGIN * Math.max(1, playbackRate);
  const end = start + Math.ceil(length * playbackRate + margin);
  const cut = [`atrim=start_sample=${start}:end_sample=${end}`, 'asetpts=N/SR/TB', ...tempoOf(playbackRate)];
  return [...cut, 'apad=whole_len=1', `atrim=end_sample=${length}`].join(',');
}

/** Changes the speed, and moves the sound to its place. */
function tempoOf(rate: number): string[] {
  if (rate === 1) return [];
  const runIn = TEMPO_RUN_IN / 1000 / rate;
  return [
    `adelay=${TEMPO_RUN_IN}|${TEMPO_RUN_IN}`,
    ...tempoChain(rate).map((link) => `atempo=${link.toFixed(9)}`),
    `atrim=start_sample=${Math.round((runIn - tempoLead(rate)) * SAMPLE_RATE)}`,
    'asetpts=N/SR/TB',
  ];
}
