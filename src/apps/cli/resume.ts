import {existsSync} from 'node:fs';
import {cancelledMessage, RenderError} from '../../base/errors.ts';
import {type Claim, type LocalProject, readClaim} from '../../job/runs/records.ts';
import type {TypeCheck} from '../../model/type-checks.ts';
import type {Jobs} from './asking.ts';
import {webhookSecret} from './event-options.ts';
import {CommandEnded, EXIT} from './exit.ts';
import type {Interrupt} from './interrupt.ts';
import {openJobs} from './jobs.ts';
import {maxCostOf, type Place} from './options.ts';
import {print, tell} from './print.ts';
import {readEventFile} from './read-event-file.ts';
import {outStorage, renderHere} from './render-here.ts';
import {renderThere} from './render-there.ts';

/** The options of `resume`, as they come from the command line. */
export interface ResumeCommand extends Place {
  event?: string;
  project?: string;
  typeCheck?: TypeCheck;
  missingFonts?: 'error' | 'warn';
  out?: string;
  concurrency?: string;
  maxCost?: string;
  json?: boolean;
  quiet?: boolean;
  verbose?: boolean;
}

/** Sends a job's event again, so that it continues with its finished chunks, and prints the result. */
export async function resume(jobId: string, given: ResumeCommand, interrupt: Interrupt): Promise<void> {
  const {signal} = interrupt;
  const more = given.maxCost === undefined ? {} : {maxCost: maxCostOf(given.maxCost)};
  if (given.bucket && !given.function)
    throw new RenderError(
      'BadSetting',
      '--bucket says where a job is, not who is to render it: add --function <name>.',
    );
  const options = {...given, ...(await storageOf(jobId, given, signal))};
  const jobs = openJobs(options);
  const {state, result, run, error} = await jobs.status(jobId, signal);
  if (state === 'finished') {
    tell(`Job ${jobId} is finished: there is nothing to resume.`);
    return print(result, options.json);
  }
  if (state === 'cancelled') {
    throw new CommandEnded({name: 'Cancelled', message: cancelledMessage(jobId), exitCode: EXIT.cancelled});
  }
  if (state === 'failed' && run === 0 && options.event === undefined) {
    const message = `Job ${jobId} has no run to continue: its event failed before (${error?.errorType}: ${error?.errorMessage}). Send it with render, or give its event: --event <file>.`;
    throw new CommandEnded({name: 'JobUnknown', message, exitCode: EXIT.failed});
  }
  if (state === 'unknown' && options.event === undefined) {
    const message = `No run of job ${jobId} has started in ${jobs.where}, or its film was deleted. Send it with render, or give its event: --event <file>.`;
    throw new CommandEnded({name: 'JobUnknown', message, exitCode: EXIT.failed});
  }
  const isHere = options.function === undefined;
  const claims = isHere || options.event === undefined ? await claimsOf(jobId, {jobs, run, signal}) : [];
  const asked =
    options.event === undefined
      ? await askedFor(jobId, {claims, jobs, signal})
      : await readEventFile(options.event);
  if (typeof asked !== 'object' || asked === null || Array.isArray(asked))
    throw new RenderError('BadSetting', `--event is ${options.event}; it must hold a JSON object.`);
  const {jobId: named = jobId} = asked as {jobId?: unknown};
  if (named !== jobId)
    throw new RenderError(
      'BadSetting',
      `--event is ${options.event}, whose jobId is ${JSON.stringify(named)}; the job to resume is ${jobId}.`,
    );
  const event = withSecret({...asked, ...more, jobType: 'fullRender', jobId});
  if (state === 'running' && !options.quiet)
    tell(
      `A run of job ${jobId} seems to be active: waiting for it, and continuing the job if that run has died.`,
    );
  if (options.function === undefined) {
    const local = claims.find((claim) => claim.local)?.local;
    return renderHere(event, {...options, ...(local && begunWith(jobId, local, options))}, interrupt);
  }
  return renderThere(event, {...options, function: options.function}, interrupt);
}

/**
 * The folder that stands in for the bucket, if no option names it. Like `render`, it tries `--out` and the
 * default; the first one with the job counts.
 */
async function storageOf(jobId: string, options: ResumeCommand, signal: AbortSignal): Promise<Place> {
  if (options.storage || options.function) return {};
  for (const storage of ['out', outStorage()].filter((folder) => existsSync(folder))) {
    const {state} = await openJobs({storage}).status(jobId, signal);
    if (state !== 'unknown') return {storage};
  }
  return {};
}

/** The claims of a job's runs, the last one first. */
async function claimsOf(
  jobId: string,
  {jobs, run, signal}: {jobs: Jobs; run: number; signal: AbortSignal},
): Promise<Claim[]> {
  const place = {...(await jobs.storages(signal)), jobId, signal};
  const numbers = Array.from({length: run}, (_, index) => run - index);
  const claims = await Promise.all(numbers.map((number) => readClaim(place, number)));
  return claims.filter((claim) => claim !== undefined);
}

/** The job's original options on this machine, without those of this command. Throws `ProjectNotFound`. */
function begunWith(
  jobId: string,
  {project, ...settings}: LocalProject,
  options: ResumeCommand,
): Partial<ResumeCommand> {
  const {typeCheck = settings.typeCheck, missingFonts = settings.missingFonts} = options;
  const known = {...(typeCheck && {typeCheck}), ...(missingFonts && {missingFonts})};
  // A compiled project takes the place of any other.
  if (options.project || process.env.REVIDEO_BUNDLE) return known;
  if (!existsSync(project))
    throw new RenderError(
      'ProjectNotFound',
      `Job ${jobId} was begun with the project ${project}, which is not there any more. Say where it is now: --project <path>.`,
    );
  if (!options.quiet) tell(`Its project is ${project}, as the record of the job says.`);
  return {...known, project};
}

/** The event that a job was asked with, as the last of its runs says that knows. */
async function askedFor(
  jobId: string,
  {claims, jobs, signal}: {claims: readonly Claim[]; jobs: Jobs; signal: AbortSignal},
): Promise<Record<string, unknown>> {
  const request = claims.find((claim) => claim.request)?.request;
  if (request) return request;
  const {storage} = await jobs.storages(signal);
  throw new RenderError(
    'BadSetting',
    `The event of job ${jobId} is not in ${storage.bucket}: none of its runs has stored it. Runs of older versions do not. Give it again: --event <file>.`,
  );
}

/** Records hold no secrets. */
function withSecret(event: Record<string, unknown>): Record<string, unknown> {
  const {webhook} = event;
  const secret = webhookSecret();
  if (typeof webhook !== 'object' || webhook === null || !secret) return event;
  if ('secret' in webhook || 'secretName' in webhook) return event;
  return {...event, webhook: {...webhook, secret}};
}
