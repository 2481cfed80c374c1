import {bytes, cut, dollars, seconds, whole} from '../../base/words.ts';
import type {Attempt, Trace} from '../../model/trace.ts';
import {addRequests} from '../../model/usage.ts';
import {html, type Markup} from './html.ts';
import {splitAttempt} from './parts.ts';
import {rateOf} from './speed.ts';

/** How many troubles are shown at once, and how many on demand, and the characters of each. */
const [AT_ONCE, TROUBLES, WORDS] = [12, 100, 1_000];

interface Try {
  run: number;
  attempt: Attempt;
}

const tries = (traces: readonly Trace[]): Try[] =>
  traces.flatMap(({run, attempts}) => attempts.map((attempt) => ({run, attempt})));

/** Every further try and why there was one. */
export function retries(traces: readonly Trace[]): Markup {
  const troubles = tries(traces).filter(
    ({attempt: {outcome, error, double}}) => error || double || !/^(done|found)$/.test(outcome),
  );
  const [shown, more] = [troubles.slice(0, AT_ONCE), troubles.slice(AT_ONCE, TROUBLES)];
  const rest = troubles.length - shown.length - more.length;
  const none = traces.some(({attempts}) => attempts.length > 0)
    ? 'None: the first attempt of every chunk succeeded.'
    : 'The job ended before it tried a chunk.';
  const list = (some: readonly Try[]) => html`<ol class="troubles">${some.map(trouble)}</ol>`;
  return html`<section><h2>Retries and why</h2>${
    shown.length === 0 ? html`<p>${none}</p>` : list(shown)
  }${more.length > 0 && html`<details><summary>${more.length} more</summary>${list(more)}</details>`}${
    rest > 0 && html`<p class="note">${whole(rest)} more are in the table “Every attempt”.</p>`
  }</section>`;
}

function trouble({run, attempt}: Try): Markup {
  const {chunk, start, end, outcome, error, double, began} = attempt;
  const at = `Chunk ${chunk + 1} (frames ${start} to ${end - 1}), attempt ${attempt.attempt}, run ${run}, after ${seconds(began / 1000)}`;
  const why = error
    ? html`<strong>${cut(error.errorType, 100)}</strong>: ${cut(error.errorMessage, WORDS)}`
    : REASONS[outcome];
  return html`<li><p class="soft">${at}</p><p class="said"><span class="tag t-${outcome}">${outcome}</span>${
    double && html` <span class="tag">double</span>`
  } ${why}${double && !error && ' It was begun because the first one took far longer than the others.'}</p></li>`;
}

const REASONS: Readonly<Record<Attempt['outcome'], string>> = {
  done: 'It was faster than the one before.',
  found: 'It was there before.',
  failed: 'It gave no reason.',
  refused: 'No capacity was free.',
  superseded: 'Another attempt was faster, or the run ended before.',
};

/** Runs that sent a heartbeat and left no trace: their orchestrator died. */
export interface Unrecorded {
  runs: number;
  /** US dollars, by their last report. */
  cost: number;
}

/** The known cost, added up over the runs; undefined where nothing is billed. */
export function costs(
  traces: readonly Trace[],
  unrecorded: Unrecorded = {runs: 0, cost: 0},
): Markup | undefined {
  const all = traces.flatMap(({cost}) => cost ?? []);
  const last = all.at(-1);
  if (!last) return undefined;
  const sum = (part: 'total' | 'compute' | 'requests' | 'storage' | 'invocations' | 'gbSeconds') =>
    all.reduce((total, cost) => total + cost[part], 0);
  const {writes, reads} = addRequests(traces.flatMap(({used}) => used));
  const parts = [
    ['Compute', `${sum('gbSeconds').toFixed(1)} GB-seconds`, sum('compute')],
    ['Invocations', whole(sum('invocations')), sum('requests')],
    ['Storage', `${whole(writes)} writes, ${whole(reads)} reads`, sum('storage')],
  ] as const;
  const noAccount = traces.length - all.length;
  const exact = all.every((cost) => cost.exact);
  const which = unrecorded.runs + noAccount > 0 ? ' of the runs with a record' : '';
  const runs = traces.length + unrecorded.runs;
  return html`<section><h2>What it cost</h2><table class="plain"><caption class="hidden">Cost by part, in US dollars</caption><tbody>${parts.map(
    ([name, of, cost]) =>
      html`<tr><th scope="row">${name}</th><td class="soft">${of}</td><td>${dollars(cost)}</td></tr>`,
  )}${
    unrecorded.runs > 0 &&
    html`<tr><th scope="row">Not known</th><td class="soft">${ofRuns(unrecorded.runs)} without a record</td><td>about ${dollars(unrecorded.cost)}</td></tr>`
  }<tr class="total"><th scope="row">Total</th><td class="soft">${ofRuns(runs)}</td><td>${unrecorded.runs > 0 && 'about '}${dollars(sum('total') + unrecorded.cost)}</td></tr></tbody></table>
<p class="note">At the prices of ${last.prices.region} of ${last.prices.date}. ${
    exact
      ? `Every invocation${which} as Lambda has reported it, the orchestrator’s own by its clock.`
      : 'Some invocations are not known from Lambda’s own report, but from a clock.'
  }${noAccount > 0 && ` ${noAccount} of the runs left no record of their cost.`}${
    unrecorded.runs > 0 &&
    ` Of the ${whole(runs)} runs ${unrecorded.runs} left no record, because their orchestrator died. The last cost that they reported is counted. Their workers may have cost more.`
  } Storage of the film is not included.</p></section>`;
}

const ofRuns = (count: number): string => `${whole(count)} ${count === 1 ? 'run' : 'runs'}`;

/** All attempts in figures. */
export function everyAttempt(traces: readonly Trace[]): Markup {
  const all = tries(traces);
  const several = traces.length > 1;
  const ms = (value: number) => (value > 0 ? (value / 1000).toFixed(2) : '–');
  const heads = [
    'Chunk',
    'Try',
    'Frames',
    'Outcome',
    'Began',
    'Waited',
    'Cold',
    'Trip',
    'Open',
    'Draw',
    'Encode',
    'Upload',
    'Frames/s',
    'Size',
    'Billed',
  ];
  const rows = all.map(({run, attempt}) => {
    const {waiting, cold, way, opening, drawing, encoding, storing} = splitAttempt(attempt);
    const {chunk, start, end, outcome, double, began, bytes: size, used, error} = attempt;
    const billed = used && `${whole(used.billedMs)} ms${used.exact ? '' : ' (about)'}`;
    const came = `${outcome}${double ? ', double' : ''}`;
    return html`<tr>${several && html`<td>${run}</td>`}<th scope="row">${chunk + 1}</th><td>${attempt.attempt}</td><td>${start}–${end - 1}</td><td>${came}${error && html` <span class="soft said">${cut(error.errorType, 60)}</span>`}</td>${[
      began,
      waiting,
      cold,
      way,
      opening,
      drawing,
      encoding,
      storing,
    ].map(
      (value) => html`<td>${ms(value)}</td>`,
    )}<td>${rateOf(attempt)}</td><td>${size === undefined ? '–' : bytes(size)}</td><td>${billed ?? '–'}</td></tr>`;
  });
  return html`<section><details><summary><h2>Every attempt</h2> <span class="soft">${whole(all.length)}, in seconds</span></summary><div class="wide" role="region" aria-label="Every attempt" tabindex="0"><table class="figures"><thead><tr>${several && html`<th scope="col">Run</th>`}${heads.map(
    (head) => html`<th scope="col">${head}</th>`,
  )}</tr></thead><tbody>${rows}</tbody></table></div></details></section>`;
}
