import {percent, seconds} from '../../base/words.ts';
import type {Trace} from '../../model/trace.ts';
import {html, type Markup} from './html.ts';
import {PARTS, type Part, splitAttempt, sumSplits} from './parts.ts';

/** The same part has the same colour as in the timeline. */
const PHASES = {
  planning: 'Planning',
  rendering: 'Rendering',
  sound: 'Sound, meanwhile',
  merging: 'Merging',
  publishing: 'Publishing',
} as const;

interface Row {
  name: string;
  colour: string;
  ms: number;
}

/** Where the time went: the orchestrator's by the wall clock, and that of all workers added up. */
export function timeSpent(traces: readonly Trace[]): Markup {
  const phases = (Object.keys(PHASES) as (keyof typeof PHASES)[]).map((phase): Row => {
    const of = traces.flatMap((trace) => trace.phases.filter(({name}) => name === phase));
    const ms = of.reduce((sum, {began, ended}) => sum + Math.max(0, ended - began), 0);
    return {name: PHASES[phase], colour: `o-${phase}`, ms};
  });
  const wall = traces.reduce((sum, {ended}) => sum + ended, 0);
  // A reused chunk took no time.
  const tried = traces.flatMap(({attempts}) => attempts).filter(({outcome}) => outcome !== 'found');
  const sum = sumSplits(tried.map(splitAttempt));
  const workers = (Object.keys(PARTS) as Part[])
    .filter((part) => part !== 'waiting')
    .map((part): Row => ({name: PARTS[part], colour: `p-${part}`, ms: sum[part]}));
  const busy = workers.reduce((total, {ms}) => total + ms, 0);
  const waited =
    sum.waiting > 0 &&
    html` Attempts also waited ${seconds(sum.waiting / 1000)} for capacity. That time is not billed.`;
  return html`<section><h2>Where the time went</h2>
<div class="pair">
<div><h3>By the clock: ${seconds(wall / 1000)}</h3>${bars('Seconds by the clock', {rows: phases, whole: wall})}</div>
${
  tried.length > 0 &&
  html`<div><h3>All workers together: ${seconds(busy / 1000)}</h3>${bars('Seconds of all workers', {rows: workers, whole: busy})}</div>`
}
</div>
${
  tried.length > 0 &&
  html`<p class="note">Drawing and encoding take turns in a worker; the timeline shows one after the other.${waited}</p>`
}</section>`;
}

function bars(caption: string, {rows, whole}: {rows: readonly Row[]; whole: number}): Markup {
  const shown = rows.filter(({ms}) => ms > 0);
  if (shown.length === 0) return html`<p class="note">No times are known.</p>`;
  return html`<table class="bars"><caption class="hidden">${caption}</caption><thead class="hidden"><tr><th scope="col">Part</th><th scope="col">Share</th><th scope="col">Time</th></tr></thead><tbody>${shown.map(
    ({name, colour, ms}) =>
      html`<tr><th scope="row">${name}</th><td class="track"><svg width="100%" height="12" aria-hidden="true"><rect class="ground" width="100%" height="12" rx="3"/><rect class="${colour}" width="${Math.max(0.5, (ms / Math.max(1, whole)) * 100).toFixed(1)}%" height="12" rx="3"/></svg></td><td>${seconds(ms / 1000)}</td><td class="soft">${percent(ms / Math.max(1, whole))}</td></tr>`,
  )}</tbody></table>`;
}
