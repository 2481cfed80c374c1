import {RenderError} from '../errors.ts';
import {runKey} from '../keys.ts';
import {Trace} from '../runs/trace.ts';
import {readJson} from '../storage/json.ts';
import type {TypeCheck} from '../type-checks.ts';
import type {Jobs} from './asking.ts';
import {webhookSecret} from './event-options.ts';
import {CommandEnded, EXIT} from './exit.ts';
import type {Interrupt} from './interrupt.ts';
import {openJobs} from './jobs.ts';
import {maxCostOf, type Place} from './options.ts';
import {print, tell} from './print.ts';
import {readEventFile} from './read-event-file.ts';
import {renderHere} from './render-here.ts';
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

/** Sends a job's event again, so that it goes on with the chunks that are there, and prints the result. */
export async function resume(jobId: string, options: ResumeCommand, interrupt: Interrupt): Promise<void> {
  const {signal} = interrupt;
  const more = options.maxCost === undefined ? {} : {maxCost: maxCostOf(options.maxCost)};
  if (options.bucket && !options.function)
    throw new RenderError(
      'BadSetting',
      '--bucket says where a job is, not who is to render it: add --function <name>.',
    );
  const jobs = openJobs(options);
  const {state, result, run} = await jobs.status(jobId, signal);
  if (state === 'finished') {
    tell(`Job ${jobId} is finished: there is nothing to go on with.`);
    return print(result, options.json);
  }
  if (state === 'cancelled') {
    const message = `Job ${jobId} was cancelled, and stays so. Use another jobId to render it.`;
    throw new CommandEnded({name: 'Cancelled', message, exitCode: EXIT.cancelled});
  }
  if (state === 'unknown' && options.event === undefined) {
    const message = `Nobody has begun job ${jobId} in ${jobs.where}, or its film was deleted. To render it, use render, or say what it is to be: --event <file>.`;
    throw new CommandEnded({name: 'JobUnknown', message, exitCode: EXIT.failed});
  }
  const asked =
    options.event === undefined
      ? await askedFor(jobId, {jobs, run, signal})
      : await readEventFile(options.event);
  if (typeof asked !== 'object' || asked === null || Array.isArray(asked))
    throw new RenderError('BadSetting', `--event is ${options.event}; it must hold a JSON object.`);
  const {jobId: named = jobId} = asked as {jobId?: unknown};
  if (named !== jobId)
    throw new RenderError(
      'BadSetting',
      `--event is ${options.event}, whose jobId is ${JSON.stringify(named)}; the job to go on with is ${jobId}.`,
    );
  const event = withSecret({...asked, ...more, jobType: 'fullRender', jobId});
  if (state === 'running' && !options.quiet)
    tell(
      `Somebody renders job ${jobId}, as far as is known: waiting, and going on with it if that has died.`,
    );
  if (options.function === undefined) return renderHere(event, options, interrupt);
  return renderThere(event, {...options, function: options.function}, interrupt);
}

/** The event that a job was asked with, as the last of its runs says that knows. */
async function askedFor(
  jobId: string,
  {jobs, run, signal}: {jobs: Jobs; run: number; signal: AbortSignal},
): Promise<Record<string, unknown>> {
  const {storage} = await jobs.storages(signal);
  for (let number = run; number >= 1; number--) {
    const claim = await readJson(runKey(jobId, number, 'claim'), {storage, signal});
    const request = Trace.shape.request.safeParse((claim as {request?: unknown} | null | undefined)?.request);
    if (request.success) return request.data;
  }
  throw new RenderError(
    'BadSetting',
    `What job ${jobId} was asked for is not in ${storage.bucket}: none of its runs has kept it, as those of an older version have not. Say it again: --event <file>.`,
  );
}

/** Records hold no secrets. */
function withSecret(event: Record<string, unknown>): Record<string, unknown> {
  const {webhook} = event;
  const secret = webhookSecret();
  if (typeof webhook !== 'object' || webhook === null || 'secret' in webhook || !secret) return event;
  return {...event, webhook: {...webhook, secret}};
}
