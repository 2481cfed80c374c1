import {randomUUID} from 'node:crypto';
import {join} from 'node:path';
import {RenderError} from '../../base/errors.ts';
import {cancelJob} from '../../job/cancel-job.ts';
import type {FullResult} from '../../model/result.ts';
import {shownLine} from '../../model/scene-line.ts';
import type {TypeCheck} from '../../model/type-checks.ts';
import {readConfig} from '../config.ts';
import {askAtInterrupt} from './ask-at-interrupt.ts';
import {showJob} from './display/from-events.ts';
import {showProgress} from './display/show-progress.ts';
import type {Interrupt} from './interrupt.ts';
import {localHandler} from './local.ts';
import {placeWords, storagesOf} from './place.ts';
import {placeFilm, refuseUnwritable} from './place-film.ts';
import {print} from './print.ts';
import {makeStorageFolder} from './storage-folder.ts';

/** How a film is rendered on this machine. */
export interface RenderHere {
  project?: string | undefined;
  /** Folder that stands in for the bucket. */
  storage?: string | undefined;
  out?: string | undefined;
  typeCheck?: TypeCheck | undefined;
  concurrency?: string | undefined;
  missingFonts?: 'error' | 'warn' | undefined;
  json?: boolean | undefined;
  quiet?: boolean | undefined;
  /** Whether what the project's code writes to the console is shown. */
  verbose?: boolean | undefined;
}

/** Where the chunks and records of films are that `--out` puts elsewhere. */
export const outStorage = (): string => join(readConfig().cache, 'storage');

/** Renders what an event asks for on this machine, shows how far it is, and prints the result. */
export async function renderHere(
  event: Record<string, unknown>,
  {project, typeCheck, out, concurrency, missingFonts, json, quiet, verbose, ...options}: RenderHere,
  {signal, stop}: Interrupt,
): Promise<void> {
  if (out) await refuseUnwritable(out);
  // A film that is put elsewhere leaves nothing in the way, and its chunks are still found by the next run.
  const storage = options.storage ?? (out ? outStorage() : 'out');
  await makeStorageFolder(storage);
  const jobId = typeof event.jobId === 'string' ? event.jobId : randomUUID();
  const display = showProgress({quiet});
  const stopHere = () => {
    display.note('Stopping.');
    stop(stoppedMessage(jobId, options.storage));
  };
  const cancel = () => {
    display.note('Cancelling.');
    // It may not have begun its run yet.
    const event = {jobType: 'cancel', jobId, force: true} as const;
    cancelJob(event, storagesOf({storage}), signal)
      // The job itself ends with the news.
      .then(() => {})
      .catch((error: Error) => display.note(`The job cannot be cancelled: ${error.message}`));
  };
  const giveBack = askAtInterrupt({
    isAnswered: quiet ? () => false : undefined,
    show: display.ask,
    choices: [
      {key: 's', words: 'stop and keep the chunks', act: stopHere},
      {key: 'c', words: 'cancel for good', act: cancel},
      {key: 'g', words: 'go on'},
    ],
  });
  try {
    const local = await localHandler({
      project,
      typeCheck,
      out: storage,
      signal,
      missingFonts,
      concurrency: concurrency === undefined ? undefined : processes(concurrency),
      ...(verbose && {onLine: (line) => display.say(shownLine(line))}),
      ...showJob(display),
    });
    try {
      const result = (await local.handler({...event, jobId: event.jobId ?? jobId})) as FullResult;
      display.stop();
      print(out ? await placeFilm(result, {storage, out}) : result, json);
    } finally {
      await local.close();
    }
  } finally {
    giveBack();
    display.stop();
  }
}

/** Tells a user who stopped a job how to continue it. No other line shows a jobId that was chosen at random. */
export function stoppedMessage(jobId: string, storage?: string): string {
  const resume = `revideo-lambda resume ${jobId} ${placeWords(storage ? {storage} : {})}`.trim();
  return `Job ${jobId} is stopped. Its finished chunks are kept for a day. Continue with: ${resume}`;
}

function processes(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= 256) return count;
  throw new RenderError(
    'BadSetting',
    `--concurrency is ${JSON.stringify(text)}; it must be a whole number from 1 to 256.`,
  );
}
