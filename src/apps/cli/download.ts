import {basename} from 'node:path';
import {downloadFilm} from '../client/download-film.ts';
import type {RenderResult} from '../client/types.ts';
import type {Jobs} from './asking.ts';
import {CommandEnded, EXIT} from './exit.ts';
import type {Interrupt} from './interrupt.ts';
import {openJobs} from './jobs.ts';
import type {Place} from './options.ts';
import {placedAt, refuseUnwritable} from './place-film.ts';
import {print} from './print.ts';

/**
 * Fetches a finished job's film into a file, by default with its name in the storage, and prints the result.
 */
export async function download(
  jobId: string,
  file: string | undefined,
  {options: {json, ...place}, interrupt: {signal}}: {options: Place & {json?: boolean}; interrupt: Interrupt},
): Promise<void> {
  const result = await finished(jobId, {jobs: openJobs(place), signal});
  const out = file ?? basename(result.key);
  await refuseUnwritable(out, 'file');
  await downloadFilm(result, out, {signal});
  print(placedAt(result, out), json);
}

/** The result of a job that has a film. Rejects with `CommandEnded` (`NoFilm`) for one that has none. */
export async function finished(
  jobId: string,
  {jobs, signal}: {jobs: Jobs; signal: AbortSignal},
): Promise<RenderResult> {
  const {state, result, error} = await jobs.status(jobId, signal);
  if (result) return result;
  const why = {
    unknown: `no run of it has started in ${jobs.where}, or its film was deleted`,
    running: `it is being rendered; watch ${jobId} shows how far it is`,
    waiting: `no run continues it; resume ${jobId} does`,
    finished: 'it is finished, but its record has no film',
    cancelled: 'it was cancelled',
    failed: `it failed: ${error?.errorType}: ${error?.errorMessage}`,
  }[state];
  throw new CommandEnded({
    name: 'NoFilm',
    message: `Job ${jobId} has no film: ${why}.`,
    exitCode: state === 'cancelled' ? EXIT.cancelled : EXIT.failed,
  });
}
