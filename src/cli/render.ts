import {randomUUID} from 'node:crypto';
import {constants} from 'node:fs';
import {access, copyFile, mkdir, rename, rm, stat} from 'node:fs/promises';
import {basename, dirname, join, resolve} from 'node:path';
import {pathToFileURL} from 'node:url';
import {readConfig} from '../config.ts';
import {RenderError} from '../errors.ts';
import type {FullResult} from '../event.ts';
import {localHandler} from './local.ts';
import {showProgress} from './progress.ts';

/** The options of `render`, as they come from the command line. */
export interface RenderCommand {
  project: string;
  workers?: string;
  variables?: string;
  out?: string;
  storage?: string;
  jobId?: string;
  quality?: string;
  silentTrack: boolean;
  concurrency?: string;
  json?: boolean;
}

/** Renders a project on this machine and prints the result. */
export async function render(options: RenderCommand, signal: AbortSignal): Promise<void> {
  const {project, workers, variables, quality, out, jobId, concurrency, json} = options;
  const event = {
    jobType: 'fullRender',
    ...(jobId !== undefined && {jobId}),
    ...(workers !== undefined && {numWorkers: number(workers)}),
    ...(quality !== undefined && {quality}),
    silentTrack: options.silentTrack,
    ...(variables !== undefined && {variables: parseVariables(variables)}),
  };
  if (out) await refuseUnwritable(out);
  // A film that is put elsewhere leaves nothing in the way, and its chunks are still found by the next run.
  const storage = options.storage ?? (out ? join(readConfig().cache, 'storage') : 'out');
  const progress = showProgress();
  try {
    const local = await localHandler({
      project,
      out: storage,
      signal,
      concurrency: concurrency === undefined ? undefined : processes(concurrency),
      onEvent: progress.show,
    });
    try {
      const result = (await local.handler(event)) as FullResult;
      progress.stop();
      print(out ? await moveTo(out, {result, storage}) : result, json);
    } finally {
      await local.close();
    }
  } finally {
    progress.stop();
  }
}

/** What would make the film impossible to put in place is found out before it is made. */
async function refuseUnwritable(out: string): Promise<void> {
  const file = resolve(out);
  try {
    const there = await stat(file).catch(() => undefined);
    if (there?.isDirectory()) throw new Error('it is a folder');
    // A device or a pipe would be replaced by the film.
    if (there && !there.isFile()) throw new Error('it is there, and not an ordinary file');
    await mkdir(dirname(file), {recursive: true});
    await access(dirname(file), constants.W_OK);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new RenderError(
      'BadSetting',
      `--out is ${JSON.stringify(out)}; it must be a file that can be written: ${why}.`,
      {cause},
    );
  }
}

async function moveTo(
  out: string,
  {result, storage}: {result: FullResult; storage: string},
): Promise<FullResult> {
  const file = resolve(out);
  const film = join(storage, result.key);
  await rename(film, file).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EXDEV') throw error;
    // From another disk: beside it first, so that it is there whole or not at all.
    const beside = join(dirname(file), `.${basename(file)}-${randomUUID()}`);
    try {
      await copyFile(film, beside);
      await rename(beside, file);
    } finally {
      await rm(beside, {force: true});
    }
    await rm(film, {force: true});
  });
  return {...result, resultUrl: pathToFileURL(file).href, bucket: dirname(file), key: basename(file)};
}

/** A number if it is one; otherwise the text itself, which the event's check then names. */
const number = (text: string): number | string =>
  text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);

function processes(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= 256) return count;
  throw new RenderError(
    'BadSetting',
    `--concurrency is ${JSON.stringify(text)}; it must be a whole number from 1 to 256.`,
  );
}

/** Variables as the command line has them. */
export function parseVariables(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new RenderError(
      'BadSetting',
      `--variables is ${JSON.stringify(text.slice(0, 80))}; it must be a JSON object such as '{"message": "Hello"}'.`,
      {cause},
    );
  }
}

/** The result on standard output: for people on several lines, with `--json` on one. */
export function print(result: unknown, json = false): void {
  process.stdout.write(`${JSON.stringify(result, null, json ? 0 : 2)}\n`);
}
