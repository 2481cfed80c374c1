import {NOTHING_DRAWN} from '../../model/progress.ts';
import type {StartedJob} from '../client/client.ts';
import type {RenderProgress, RenderResult} from '../client/types.ts';
import {askAtInterrupt} from './ask-at-interrupt.ts';
import type {Jobs} from './asking.ts';
import {isUnknown} from './cancel.ts';
import {showProgress} from './display/show-progress.ts';
import {CommandEnded, EXIT} from './exit.ts';
import type {Interrupt} from './interrupt.ts';

/** How a job that others render is followed. */
export interface Follow {
  jobs: Jobs;
  interrupt: Interrupt;
  /** A command that shows the job again, for who leaves it. */
  again: string;
  quiet?: boolean | undefined;
  /** Milliseconds in which a run must have started. */
  patience?: number | undefined;
  onProgress?: ((progress: RenderProgress) => void) | undefined;
}

/**
 * Shows a job's progress until its end. Ctrl+C asks about the job's future.
 *
 * Rejects with what the job failed with, or with `CommandEnded` (detached) where it goes on without us.
 */
export async function followJob(
  job: string | StartedJob,
  {jobs, interrupt, again, quiet, patience, onProgress}: Follow,
): Promise<RenderResult> {
  const jobId = typeof job === 'string' ? job : job.jobId;
  const leaving = new AbortController();
  const signal = AbortSignal.any([interrupt.signal, leaving.signal]);
  const display = showProgress({quiet});
  const detach = () => {
    const message = `Job ${jobId} goes on. ${again} shows it again.`;
    leaving.abort(new CommandEnded({name: 'Detached', message, exitCode: EXIT.detached}));
  };
  // Waiting ends with the news that the job is cancelled.
  const cancel = () => {
    display.note('Cancelling.');
    jobs
      .cancel(jobId, {signal})
      .catch((error) => {
        // A job that was sent just now is known to exist, whether or not a run has started.
        if (typeof job === 'string' || !isUnknown(error)) throw error;
        return jobs.cancel(jobId, {signal, force: true});
      })
      .then(({message}) => display.note(message))
      .catch((error: Error) => display.note(`The job cannot be cancelled: ${error.message}`));
  };
  const giveBack = askAtInterrupt({
    isAnswered: quiet ? () => false : undefined,
    show: display.ask,
    choices: [
      {key: 'c', words: 'cancel the job for good', act: cancel},
      {key: 'd', words: 'detach and let it go on', act: detach},
      {key: 'g', words: 'go on watching'},
    ],
  });
  // For a job that was sent just now, this is known before its first record.
  if (typeof job !== 'string') display.show(NOTHING_DRAWN);
  try {
    const result = await jobs.waitFor(job, {
      signal,
      patience,
      onProgress(progress) {
        display.show(progress);
        onProgress?.(progress);
      },
    });
    // A function of an older version tells none.
    for (const warning of result.warnings ?? []) display.warn(warning);
    return result;
  } catch (error) {
    if (interrupt.signal.aborted) display.note(`Job ${jobId} goes on without us.`);
    throw error;
  } finally {
    giveBack();
    display.stop();
  }
}
