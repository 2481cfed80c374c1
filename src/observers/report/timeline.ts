import {seconds, whole} from '../../base/words.ts';
import type {Trace} from '../../model/trace.ts';
import {type Content, html, type Markup} from './html.ts';
import {type Bar, type Lanes, layOut} from './lanes.ts';
import {PARTS, type Part} from './parts.ts';

/** Pixels: of all chunks together where there are many, of one where there are few, of one of the orchestrator's lanes. */
const [CHUNKS_HIGH, ROW_HIGH, LANE_HIGH, AXIS_HIGH] = [560, 20, 20, 22];
/** Rows below this height have no words of their own. */
const WORDS_FROM = 11;
/** Attempts up to this number say what they are when they are pointed at. */
const TITLES_UP_TO = 250;
/** Width of the drawing in its own units; on the page it is as wide as there is room. */
const UNITS = 10_000;

/** The orchestrator's own lanes: one above the chunks, the others below. */
const LANES = {planning: 'plan', sound: 'sound', merging: 'merge', publishing: 'publish'} as const;

/** Every chunk and attempt of all runs, and what the orchestrator did, over time. */
export function timeline(traces: readonly Trace[]): Markup {
  const lanes = layOut(traces);
  const row = Math.min(ROW_HIGH, CHUNKS_HIGH / Math.max(1, lanes.rows.length));
  const top = AXIS_HIGH + LANE_HIGH;
  const below = top + row * lanes.rows.length + 6;
  const height = Math.ceil(below + 3 * LANE_HIGH);
  const laneTop = {
    planning: AXIS_HIGH,
    sound: below,
    merging: below + LANE_HIGH,
    publishing: below + 2 * LANE_HIGH,
  };
  const layout = {lanes, row, top, height};
  return html`<figure class="timeline">
<div class="lanes">
<svg class="names" width="56" height="${height}" aria-hidden="true">${names(layout, laneTop)}</svg>
<svg class="plot" width="100%" height="${height}" role="img" aria-labelledby="t-title t-desc">
<title id="t-title">Timeline of all chunks and attempts</title>
<desc id="t-desc">${describe(lanes)} The table “Every attempt” has the same in figures.</desc>
<defs>
<pattern id="failed" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" class="f-ground"/><rect width="2.5" height="6" class="f-line"/></pattern>
<pattern id="superseded" width="5" height="5" patternUnits="userSpaceOnUse"><circle cx="2.5" cy="2.5" r="1.2" class="s-dot"/></pattern>
</defs>
${axis(layout)}
<svg width="100%" height="${height}" viewBox="0 0 ${UNITS} ${height}" preserveAspectRatio="none">
${paths(layout)}${orchestrator(lanes, laneTop)}
</svg>
${marks(layout)}
</svg>
</div>
<figcaption>${legend(lanes)}</figcaption>
</figure>`;
}

interface Layout {
  lanes: Lanes;
  row: number;
  /** Where the chunks begin. */
  top: number;
  height: number;
}

const share = (at: number, {length}: Lanes): string => `${((at / length) * 100).toFixed(2)}%`;
const unit = (at: number, {length}: Lanes): number => Math.round((at / length) * UNITS);

function names({lanes, row, top}: Layout, laneTop: Readonly<Record<keyof typeof LANES, number>>): Content[] {
  const own = Object.entries(LANES).map(
    ([lane, name]) =>
      html`<text x="50" y="${laneTop[lane as keyof typeof LANES] + 14}" text-anchor="end">${name}</text>`,
  );
  const every = Math.max(1, Math.ceil(13 / row));
  let next = 0;
  const chunks = lanes.rows.map((chunk, index) => {
    if (index < next || lanes.rows[index - 1] === chunk) return undefined;
    next = index + every;
    const middle = top + row * index + Math.min(row, 20) / 2 + 4;
    return html`<text x="50" y="${middle.toFixed(1)}" text-anchor="end">${chunk + 1}</text>`;
  });
  return [...own, chunks];
}

/** Grid lines at round seconds of each run, and where a run begins. */
function axis({lanes, height}: Layout): Content[] {
  const step = niceStep(lanes.length / 6);
  return lanes.spans.map(({from, to, trace, gap}, index) => {
    const ticks: Content[] = [];
    for (let at = 0; at <= to - from; at += step) {
      const x = share(from + at, lanes);
      // The last one would be cut off, and the first one of a later run has its name.
      const near = from + at > lanes.length * 0.93 || (at === 0 && index > 0);
      ticks.push(html`<line class="grid" x1="${x}" x2="${x}" y1="${AXIS_HIGH - 4}" y2="${height}"/>`);
      if (!near)
        ticks.push(html`<text x="${x}" dx="3" y="13">${seconds(at / 1000).replace(/\.?0+ s/, ' s')}</text>`);
    }
    if (index === 0) return ticks;
    const x = share(from, lanes);
    const title = `Run ${trace.run} began ${seconds(gap / 1000)} after the run before had ended.`;
    const later = html`<line class="run" x1="${x}" x2="${x}" y1="0" y2="${height}"><title>${title}</title></line><text class="strong" x="${x}" dx="3" y="13">run ${trace.run}</text>`;
    return [ticks, later];
  });
}

/** The next of 1, 2, 5, 10, … that is no less, in milliseconds. */
function niceStep(least: number): number {
  const ten = 10 ** Math.floor(Math.log10(Math.max(1, least)));
  return [1, 2, 5, 10].map((factor) => factor * ten).find((step) => step >= least) ?? ten * 10;
}

/** One path for each part: a thousand chunks are a few lines each. */
function paths({lanes, row, top}: Layout): Content[] {
  const thick = row > 6 ? row - 4 : row * 0.85;
  return (Object.keys(PARTS) as Part[]).map((part) => {
    const lines = lanes.bars.flatMap((bar) =>
      bar.stretches
        .filter((stretch) => stretch.part === part)
        .map(({from, to}) => {
          const x = unit(from, lanes);
          const y = Number((top + row * (bar.row + 0.5)).toFixed(1));
          return `M${x} ${y}h${Math.max(4, unit(to, lanes) - x)}`;
        }),
    );
    const width = (part === 'waiting' ? Math.max(thick / 4, 0.3) : thick).toFixed(2);
    return lines.length > 0 && html`<path class="p-${part}" stroke-width="${width}" d="${lines.join('')}"/>`;
  });
}

const orchestrator = (lanes: Lanes, laneTop: Readonly<Record<keyof typeof LANES, number>>): Content[] =>
  lanes.spans.flatMap(({trace, from}) =>
    trace.phases.map(({name, began, ended}) => {
      if (name === 'rendering') return undefined;
      const x = unit(from + began, lanes);
      const wide = Math.max(12, unit(from + ended, lanes) - x);
      return html`<path class="o-${name}" stroke-width="12" d="M${x} ${laneTop[name] + 10}h${wide}"/>`;
    }),
  );

/** The outcome of an attempt other than a new chunk, as pattern and word. */
function marks({lanes, row, top}: Layout): Content[] {
  const titles = lanes.bars.length <= TITLES_UP_TO;
  return lanes.bars.map((bar) => {
    const {outcome} = bar.attempt;
    const bad = outcome === 'failed' || outcome === 'refused';
    const cls = bad ? 'failed' : outcome === 'superseded' ? 'superseded' : 'point';
    if (cls === 'point' && !titles) return undefined;
    const [x, y] = [share(bar.from, lanes), top + row * bar.row + (row > 6 ? 2 : 0)];
    const width = share(Math.max(bar.to - bar.from, lanes.length / 300), lanes);
    const high = Math.max(0.5, row > 6 ? row - 4 : row);
    const title = titles && html`<title>${say(bar)}</title>`;
    const box = html`<rect class="m-${cls}" x="${x}" y="${y.toFixed(1)}" width="${width}" height="${high.toFixed(1)}">${title}</rect>`;
    const word = row >= WORDS_FROM && WORDS[outcome];
    if (!word) return box;
    // Beside the bar where there is room; else in front of its end.
    const late = bar.to > lanes.length * 0.78;
    const place = share(late ? bar.from : bar.to, lanes);
    const side = late ? html`text-anchor="end" dx="-4"` : html`dx="4"`;
    const clear = !late && nextIn(lanes, bar);
    return [
      box,
      !clear &&
        html`<text class="word ${!bad && 'quiet'}" x="${place}" y="${(y + high / 2 + 4).toFixed(1)}" ${side}>${word}</text>`,
    ];
  });
}

const WORDS: Partial<Record<Bar['attempt']['outcome'], string>> = {
  failed: '✕ failed',
  refused: '✕ refused',
  superseded: 'superseded',
  found: 'found',
};

/** Whether another attempt follows in the same row so soon that a word would lie on it. */
const nextIn = (lanes: Lanes, bar: Bar): boolean =>
  lanes.bars.some(
    (other) => other.row === bar.row && other.from >= bar.to && other.from < bar.to + lanes.length * 0.22,
  );

function say({attempt, run}: Bar): string {
  const {chunk, start, end, outcome, error, began, ended, double} = attempt;
  const what = `Chunk ${chunk + 1}, attempt ${attempt.attempt}${double ? ' (a double)' : ''}, run ${run}`;
  const took = `frames ${start} to ${end - 1}, ${seconds((ended - began) / 1000)}, ${outcome}`;
  return `${what}: ${took}${error ? ` (${error.errorType})` : ''}`;
}

function describe({rows, bars, spans, length}: Lanes): string {
  const count = (outcome: string) => bars.filter(({attempt}) => attempt.outcome === outcome).length;
  const bad = count('failed') + count('refused');
  const runs = spans.length === 1 ? 'one run' : `${spans.length} runs`;
  return `${whole(new Set(rows).size)} chunks in ${runs}, ${whole(bars.length)} attempts: ${whole(count('done'))} done, ${whole(count('found'))} found, ${whole(bad)} failed, ${whole(count('superseded'))} superseded, within ${seconds(length / 1000)}.`;
}

function legend({bars}: Lanes): Content {
  const used = (part: Part) => bars.some(({stretches}) => stretches.some((stretch) => stretch.part === part));
  const has = (...outcomes: string[]) => bars.some(({attempt}) => outcomes.includes(attempt.outcome));
  const swatch = (cls: string, name: string) => {
    // As thin as it is in the drawing.
    const [y, high] = cls === 'p-waiting' ? [4, 4] : [1, 10];
    return html`<li><svg width="14" height="12" aria-hidden="true"><rect class="${cls}" y="${y}" width="14" height="${high}" rx="2"/></svg>${name}</li>`;
  };
  return html`<ul class="legend">${(Object.keys(PARTS) as Part[]).filter(used).map((part) => swatch(`p-${part}`, PARTS[part]))}${
    has('failed', 'refused') && swatch('m-failed', 'Failed')
  }${has('superseded') && swatch('m-superseded', 'Superseded')}</ul>`;
}
