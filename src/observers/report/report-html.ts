import {withoutSecrets} from '../../base/hide-secrets.ts';
import {bytes, cut, dollars, seconds, timecode, whole} from '../../base/words.ts';
import type {ContactSheet} from '../../media/contact-sheet.ts';
import type {FullResult} from '../../model/result.ts';
import type {Trace} from '../../model/trace.ts';
import {html, Markup} from './html.ts';
import {speed} from './speed.ts';
import {STYLE} from './style.ts';
import {costs, everyAttempt, retries, type Unrecorded} from './tables.ts';
import {timeSpent} from './time-spent.ts';
import {timeline} from './timeline.ts';

/** The contents of a report. */
export interface ReportParts {
  /** The traces of every run of one job, in order; at least one. */
  traces: readonly Trace[];
  /** Runs that left no trace; none by default. */
  unrecorded?: Unrecorded | undefined;
  /** The result of a finished job. */
  result?: Pick<FullResult, 'bytes'> | undefined;
  contactSheet?: ContactSheet | undefined;
  /** Where the film is; left out where there is none. */
  film?: ReportFilm | undefined;
}

/** Where a report's film is. */
export interface ReportFilm {
  bucket: string;
  key: string;
  /** Address of the film as seen from the report, for one that is opened from a folder or a copy of the bucket. */
  href?: string | undefined;
}

/** Characters of the event that are shown; the rest is variables. */
const EVENT = 20_000;

/**
 * The page that shows what a job did: one file that needs no other and runs no script. Foreign text is
 * escaped.
 */
export function reportHtml({traces, unrecorded, result, contactSheet, film}: ReportParts): string {
  const last = traces.at(-1);
  if (!last) return '';
  const tried = traces.some(({attempts}) => attempts.length > 0);
  const sheet = contactSheet && Buffer.from(contactSheet.jpeg).toString('base64');
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; media-src 'self' file: https:; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer">
<title>${last.jobId} · render report</title>
<link rel="icon" href="data:,">
<style>${new Markup(STYLE)}${sheet && new Markup(`:root{--sheet:url(data:image/jpeg;base64,${sheet})}`)}</style>
</head>
<body><main>
${head(traces, last, {unrecorded, result})}
${last.error && html`<div class="trouble" role="note"><p><strong>${cut(last.error.errorType, 100)}</strong></p><p class="said">${cut(last.error.errorMessage, 8_000)}</p></div>`}
${film && player(film, last, contactSheet)}
${contactSheet && pictures(contactSheet)}
${tried && html`<section><h2>Every chunk and attempt</h2>${timeline(traces)}</section>`}
${timeSpent(traces)}
${speed(traces)}
${retries(traces)}
${costs(traces, unrecorded)}
${tried && everyAttempt(traces)}
${about(traces, last)}
</main></body>
</html>
`;
  return page.text;
}

/** A picture of one transparent pixel: without any, Chromium hides what is behind a film that is not loaded. */
const NOTHING = 'data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==';

const STATES = {finished: 'Finished', failed: 'Failed', cancelled: 'Cancelled', handedOver: 'Handed over'};

function head(
  traces: readonly Trace[],
  last: Trace,
  {unrecorded, result}: Pick<ReportParts, 'unrecorded' | 'result'>,
): Markup {
  const {jobId, outcome, began, ended, film} = last;
  const first = traces[0] ?? last;
  const elapsed = (began + ended - first.began) / 1000;
  const cost = traces
    .flatMap((trace) => trace.cost ?? [])
    .reduce((sum, {total}) => sum + total, unrecorded?.cost ?? 0);
  const facts = [
    ['Took', seconds(elapsed)],
    film && ['Film', seconds(film.frames / film.fps)],
    film && ['Frames', whole(film.frames)],
    film && ['Picture', `${film.size.width}×${film.size.height}`],
    film && ['Frames/s', String(Number(film.fps.toFixed(3)))],
    film && ['Chunks', whole(film.chunks)],
    result && ['Size', bytes(result.bytes)],
    traces.some((trace) => trace.cost) && ['Cost', `${unrecorded?.runs ? 'about ' : ''}${dollars(cost)}`],
  ].filter((fact) => Array.isArray(fact));
  const runs = traces.length + (unrecorded?.runs ?? 0);
  const when = new Date(first.began).toISOString().replace('T', ' ').slice(0, 19);
  return html`<header><h1>${jobId}</h1><p><span class="state ${outcome}">${STATES[outcome]}</span> · begun ${when} UTC${
    runs > 1 && html` · ${runs} runs`
  }</p></header>
<dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function player({bucket, key, href}: ReportFilm, {jobId, film}: Trace, sheet?: ContactSheet): Markup {
  // Until it plays it shows a picture from the middle of the sheet, so that it asks for nothing.
  const still = sheet && place(sheet, Math.floor(sheet.seconds.length / 2));
  const shape = film && `--width:${film.size.width};--height:${film.size.height};${still ?? ''}`;
  return html`<section class="film"><h2>The film</h2>
${href && html`<video controls preload="none" poster="${NOTHING}" style="${shape}" src="${href}"></video>`}
<p>${href ? html`<a href="${href}">${key}</a>` : html`<code>${key}</code>`} in <code>${bucket}</code>. ${
    href &&
    'It plays here as long as this page lies beside it, in a folder or a copy of the bucket; from anywhere else:'
  } <code>revideo-lambda open ${jobId}</code></p></section>`;
}

/** How much larger a picture of the sheet is shown than its box, so that rounding never shows an edge of the next one. */
const ZOOM = 1.02;

/** How to show one picture of the sheet as a background. */
function place({columns, rows}: ContactSheet, index: number): string {
  // A position in percent is a share of what the background has more than the box (CSS Backgrounds 3, 2.6).
  const share = (at: number, of: number) =>
    (((at * ZOOM + (ZOOM - 1) / 2) / (of * ZOOM - 1)) * 100).toFixed(2);
  const [x, y] = [share(index % columns, columns), share(Math.floor(index / columns), rows)];
  const size = `${(columns * ZOOM * 100).toFixed(0)}% ${(rows * ZOOM * 100).toFixed(0)}%`;
  return `background-size:${size};background-position:${x}% ${y}%`;
}

function pictures(sheet: ContactSheet): Markup {
  const shape = `aspect-ratio:${sheet.size.width}/${sheet.size.height}`;
  const picture = (at: number, index: number) =>
    html`<li><div role="img" aria-label="The film at ${timecode(at)}" style="${shape};${place(sheet, index)}"></div><span>${timecode(at)}</span></li>`;
  return html`<section><h2>Contact sheet</h2><ol class="sheet">${sheet.seconds.map(picture)}</ol></section>`;
}

function about(traces: readonly Trace[], last: Trace): Markup {
  const machines = new Set(
    traces
      .flatMap(({orchestrator, attempts}) => [orchestrator, ...attempts.map(({used}) => used)])
      .flatMap((one) => (one ? `${one.memoryMb} MB, ${one.architecture}` : [])),
  );
  const versions = [...new Set(traces.map(({version}) => version))].join(', ');
  const revideo = [...new Set(traces.flatMap(({film}) => film?.revideo ?? []))].join(', ');
  const event = cut(JSON.stringify(withoutSecrets(last.request), null, 2), EVENT);
  return html`<section><h2>The event and versions</h2><dl class="about">
<dt>Job</dt><dd>${last.jobId}</dd>
<dt>revideo-lambda</dt><dd>${versions}</dd>
${revideo !== '' && html`<dt>Revideo</dt><dd>${revideo}</dd>`}
<dt>Engine</dt><dd>${[...new Set(traces.map(({engine}) => engine))].join(', ')}</dd>
${machines.size > 0 && html`<dt>Machines</dt><dd>${[...machines].join('; ')}</dd>`}
<dt>Runs</dt><dd>${traces.map(({run, outcome, ended}) => `${run}: ${STATES[outcome].toLowerCase()} after ${seconds(ended / 1000)}`).join('; ')}</dd>
</dl><pre tabindex="0" aria-label="The event">${event}</pre></section>`;
}
