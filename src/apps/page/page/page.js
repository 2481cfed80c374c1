/** The page of the local service: it inserts everything as text, never as markup. */

import {element, field, parse} from './fields.js';

/** Milliseconds between two looks at a job, and those after which a job without a run counts as lost. */
const [LOOK, PATIENCE] = [400, 60_000];
const OVER = ['finished', 'failed', 'cancelled'];

const byId = (id) => document.getElementById(id);

/** US dollars, with three digits that tell something. */
function dollars(amount) {
  const digits = amount > 0 ? Math.min(12, Math.max(2, 2 - Math.floor(Math.log10(amount)))) : 2;
  return `$${amount.toFixed(digits)}`;
}

/** Asks the service; rejects with what it says is wrong. */
async function ask(path, body) {
  const post = body && {
    method: 'POST',
    headers: {'Content-Type': 'application/json'},
    body: JSON.stringify(body),
  };
  const answer = await fetch(path, post);
  const text = await answer.text();
  if (answer.ok) return JSON.parse(text);
  let said = text;
  try {
    const {errorType, errorMessage} = JSON.parse(text);
    said = `${errorType}: ${errorMessage}`;
  } catch {}
  throw new Error(said);
}

/** The fields of the form, each with a way to read it. */
let fields = [];
/** The variables that the project gives itself. */
let ownVariables = {};

async function showProject() {
  try {
    const {name, own, asked} = await ask('/page/project');
    byId('project').textContent = name;
    ownVariables = own;
    fields = Object.entries({...own, ...asked}).map(([key, value]) => field(key, value));
    const none = element('p', {className: 'soft'}, 'The project asks for no variables.');
    byId('variables').replaceChildren(...(fields.length > 0 ? fields.map(({label}) => label) : [none]));
  } catch (error) {
    byId('project').textContent = '';
    byId('variables').replaceChildren(element('p', {className: 'bad'}, error.message));
  }
  byId('start').disabled = false;
}

/**
 * Undefined where nothing differs from the project's own; otherwise all variables, since those that are given replace all
 * of the project's own.
 */
function readVariables() {
  const changed = fields
    .map(({name, value, read}) => [name, read(), value])
    .filter(([, now, before]) => JSON.stringify(now) !== JSON.stringify(before))
    .map(([name, now]) => [name, now]);
  const others = byId('others').value.trim();
  if (changed.length === 0 && !others) return undefined;
  const given = others && parse(others, 'Other variables');
  return {...ownVariables, ...Object.fromEntries(changed), ...given};
}

byId('form').addEventListener('submit', async (event) => {
  event.preventDefault();
  byId('refused').textContent = '';
  byId('start').disabled = true;
  try {
    const workers = byId('workers').value;
    const asked = {
      variables: readVariables(),
      quality: byId('quality').value,
      ...(workers && {numWorkers: Number(workers)}),
    };
    const {jobId, invocation} = await ask('/page/jobs', asked);
    // So that the page continues with the job after a reload.
    history.replaceState(null, '', `#${jobId}`);
    watch(jobId, invocation);
  } catch (error) {
    byId('refused').textContent = error.message;
  }
  byId('start').disabled = false;
});

/** Which job is shown; another one ends the watching of the one before. */
let watched;

async function watch(jobId, invocation) {
  watched = jobId;
  const began = Date.now();
  byId('job').hidden = false;
  byId('job-title').textContent = jobId;
  byId('links').hidden = true;
  byId('player').replaceChildren();
  byId('stop').hidden = true;
  byId('cancel').disabled = false;
  const query = invocation ? `?invocation=${encodeURIComponent(invocation)}` : '';
  for (;;) {
    let status;
    try {
      status = await ask(`/page/jobs/${encodeURIComponent(jobId)}${query}`);
    } catch (error) {
      status = {state: 'unknown', error: {errorType: 'No answer', errorMessage: error.message}};
    }
    if (watched !== jobId) return;
    show(status, Date.now() - began);
    const lost = status.state === 'unknown' && Date.now() - began > PATIENCE;
    if (OVER.includes(status.state) || lost) break;
    await new Promise((resolve) => setTimeout(resolve, LOOK));
  }
  await showJobs();
  // The report comes after the film.
  setTimeout(showJobs, 3_000);
}

byId('cancel').addEventListener('click', async () => {
  byId('cancel').disabled = true;
  try {
    await ask(`/page/jobs/${encodeURIComponent(watched)}/cancel`, {});
  } catch (error) {
    setText('trouble', error.message);
    byId('cancel').disabled = false;
  }
});

const PHASES = {planning: 'Planning', rendering: 'Rendering', merging: 'Merging', publishing: 'Publishing'};

function show({jobId, state, progress, result, error, film}, waited) {
  const {frames = 0, framesDrawn = 0, cells = [], secondsLeft, phase} = progress ?? {};
  const words = [];
  if (state === 'finished') {
    words.push('Finished', `${result.frames} frames`, `${result.seconds.total.toFixed(1)} s`);
    if (result.cost) words.push(dollars(result.cost.total));
  } else if (state === 'failed') words.push('Failed');
  else if (state === 'cancelled') words.push('Cancelled');
  else if (state === 'unknown') words.push(waited < PATIENCE ? 'Starting' : 'No run has started');
  else words.push(PHASES[phase] ?? 'Running');
  if (!OVER.includes(state) && frames > 0) words.push(`${framesDrawn} of ${frames} frames`);
  if (!OVER.includes(state) && secondsLeft !== undefined)
    words.push(`about ${Math.ceil(secondsLeft)} s left`);
  setText('phase', words.join(' · '));
  setText('trouble', error ? `${error.errorType}: ${error.errorMessage}` : '');
  byId('stop').hidden = state !== 'running' && state !== 'waiting';
  const bar = byId('bar');
  if (state === 'finished') bar.value = 1;
  else if (frames > 0) bar.value = framesDrawn / frames;
  else if (OVER.includes(state)) bar.value = 0;
  else bar.removeAttribute('value');
  showCells(state === 'finished' ? cells.map(ended) : cells);
  if (state === 'finished') {
    byId('links').hidden = false;
    byId('links').replaceChildren(reportLink(jobId));
  }
  if (state === 'finished' && film) {
    byId('player').replaceChildren(element('video', {src: film, controls: true, playsInline: true}));
    byId('links').prepend(element('a', {href: film, download: ''}, 'Download'));
  }
}

/** The last report of a chunk may be older than the film. */
const ended = (cell) => ({
  ...cell,
  framesDrawn: cell.frames,
  state: cell.state === 'reused' ? 'reused' : 'done',
});

/** Only what differs is written: what reads the page aloud says each change once. */
function setText(id, text) {
  if (byId(id).textContent !== text) byId(id).textContent = text;
}

function showCells(cells) {
  const list = byId('cells');
  while (list.children.length > cells.length) list.lastChild.remove();
  while (list.children.length < cells.length) list.append(element('li'));
  for (const [index, {state, framesDrawn, frames, attempts}] of cells.entries()) {
    const tries = attempts > 1 ? `, ${attempts} attempts` : '';
    const title = `Chunk ${index + 1}: ${state}, ${framesDrawn} of ${frames} frames${tries}`;
    Object.assign(list.children[index], {className: state, title, ariaLabel: title});
  }
}

const reportLink = (jobId) =>
  element(
    'a',
    {href: `/files/jobs/${encodeURIComponent(jobId)}/report.html`, target: '_blank', rel: 'noopener'},
    'Report',
  );

/** The meaning of a state, where its name does not say it. */
const STATES = {
  silent: 'It has sent no heartbeat for a minute: its orchestrator has probably died.',
  unknown: 'Its film was deleted.',
};

async function showJobs() {
  const jobs = await ask('/page/jobs').catch(() => []);
  byId('none').hidden = jobs.length > 0;
  byId('jobs').replaceChildren(
    ...jobs.map(({jobId, state, updated, report, frames, cost, error}) => {
      const name = element('a', {href: `#${jobId}`, className: 'name'}, jobId);
      const time = updated
        ? element('time', {className: 'soft', dateTime: updated}, new Date(updated).toLocaleString())
        : '';
      const facts = [frames > 0 && `${frames} frames`, cost !== undefined && dollars(cost)].filter(Boolean);
      return element(
        'li',
        {},
        name,
        element('span', {className: state, title: error ?? STATES[state] ?? ''}, state),
        facts.length > 0 ? element('span', {className: 'soft'}, facts.join(' · ')) : '',
        time,
        report ? reportLink(jobId) : '',
      );
    }),
  );
}

const fromAddress = () => {
  // A job's name has nothing in it that is ever encoded.
  const jobId = location.hash.slice(1);
  if (jobId) watch(jobId);
};
addEventListener('hashchange', fromAddress);
fromAddress();
showJobs();
showProject();
