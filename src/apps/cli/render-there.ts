import {parseEvent} from '../../model/parse-event.ts';
import {downloadFilm} from '../client/download-film.ts';
import type {RenderRequest} from '../client/types.ts';
import {followJob} from './follow-job.ts';
import type {Interrupt} from './interrupt.ts';
import {openJobs} from './jobs.ts';
import type {Place} from './options.ts';
import {placeWords} from './place.ts';
import {placedAt, refuseUnwritable} from './place-film.ts';
import {print, tell} from './print.ts';

/** How a film is rendered by a function. */
export interface RenderThere extends Place {
  function: string;
  out?: string | undefined;
  json?: boolean | undefined;
  quiet?: boolean | undefined;
  /** Leave it once the function has taken it. */
  detach?: boolean | undefined;
}

/** Has a function render what an event asks for, shows how far it is, and prints the result. */
export async function renderThere(
  event: Record<string, unknown>,
  {out, json, quiet, detach, ...place}: RenderThere,
  interrupt: Interrupt,
): Promise<void> {
  // Before anything is sent: an invalid asynchronous event would fail without an answer.
  parseEvent(event);
  if (out) await refuseUnwritable(out);
  const jobs = openJobs(place);
  const {client} = jobs;
  if (!client) return;
  const {signal} = interrupt;
  const job = await client.start(event as RenderRequest, {signal});
  const again = `revideo-lambda watch ${job.jobId} ${placeWords(place)}`;
  if (detach) return print({...job, state: 'started', watch: again}, json);
  if (!quiet) tell(`job ${job.jobId} of ${place.function}`);
  const result = await followJob(job, {jobs, interrupt, again, quiet});
  if (out) await downloadFilm(result, out, {signal});
  print(out ? placedAt(result, out) : result, json);
}
