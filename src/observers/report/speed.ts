import {whole} from '../../base/words.ts';
import type {Attempt, Trace} from '../../model/trace.ts';
import {html, type Markup} from './html.ts';
import {framesPerSecond} from './parts.ts';

const HEIGHT = 110;

/** Frames a second of every chunk that was drawn, as bars beside each other; undefined if none is known. */
export function speed(traces: readonly Trace[]): Markup | undefined {
  const best = new Map<number, number>();
  for (const attempt of traces.flatMap(({attempts}) => attempts)) {
    const rate = attempt.outcome === 'done' ? framesPerSecond(attempt) : undefined;
    if (rate !== undefined) best.set(attempt.chunk, rate);
  }
  if (best.size === 0) return undefined;
  const rates = [...best.values()].toSorted((a, b) => a - b);
  const [slowest = 0, fastest = 1] = [rates[0], rates.at(-1)];
  const middle = rates[Math.floor(rates.length / 2)] ?? 0;
  const chunks = Math.max(...best.keys()) + 1;
  const y = (rate: number) => Number((HEIGHT - (rate / fastest) * (HEIGHT - 4)).toFixed(1));
  // Beside each other with a gap where there is room for one.
  const [pitch, wide] = [1000 / chunks, chunks > 150 ? 1 : 0.72];
  const path = [...best]
    .map(([chunk, rate]) => {
      const [x, top] = [(chunk * pitch + (pitch * (1 - wide)) / 2).toFixed(1), y(rate)];
      return `M${x} ${HEIGHT}V${top}h${(pitch * wide).toFixed(1)}V${HEIGHT}`;
    })
    .join('');
  const words = `Median ${rate(middle)} frames a second a chunk, from ${rate(slowest)} to ${rate(fastest)}.`;
  return html`<section><h2>Frames per second, chunk by chunk</h2>
<p>${words} Drawing and encoding alone; the slowest chunk is ${slowestChunk(best) + 1}.</p>
<figure class="speed"><svg width="100%" height="${HEIGHT + 1}" viewBox="0 0 1000 ${HEIGHT + 1}" preserveAspectRatio="none" role="img" aria-labelledby="s-title s-desc">
<title id="s-title">Frames per second of each chunk</title><desc id="s-desc">${words}</desc>
<path class="bar" d="${path}"/><path class="middle" vector-effect="non-scaling-stroke" d="M0 ${y(middle)}H1000"/><path class="ground" vector-effect="non-scaling-stroke" d="M0 ${HEIGHT}H1000"/></svg>
<figcaption><span>chunk 1</span><span class="key">median ${rate(middle)}</span><span>${chunks > 1 && `chunk ${whole(chunks)}`}</span></figcaption></figure></section>`;
}

/** Frames a second, as it is shown everywhere. */
export const rate = (value: number): string => (value < 100 ? value.toFixed(1) : whole(value));

/** The rate of an attempt, or a dash. */
export function rateOf(attempt: Attempt): string {
  const value = framesPerSecond(attempt);
  return value === undefined ? '–' : rate(value);
}

const slowestChunk = (rates: ReadonlyMap<number, number>): number =>
  [...rates].reduce((slowest, entry) => (entry[1] < slowest[1] ? entry : slowest), [0, Infinity])[0];
