import {readFile} from 'node:fs/promises';
import {RenderError, toPayload} from '../errors.ts';
import {localHandler} from './local.ts';
import {showProgress} from './progress.ts';
import {print} from './render.ts';

/** The options of `invoke`, as they come from the command line. */
export interface InvokeCommand {
  event: string;
  project: string;
  storage: string;
}

/** Sends an event file to the handler on this machine and prints its answer, as the Lambda console does. */
export async function invoke(
  {event: file, project, storage}: InvokeCommand,
  signal: AbortSignal,
): Promise<void> {
  const event = await readEvent(file);
  const progress = showProgress();
  const local = await localHandler({project, out: storage, signal, onEvent: progress.show});
  try {
    const answer = await local.handler(event);
    progress.stop();
    print(answer);
  } catch (error) {
    progress.stop();
    // The console shows a failed invocation's payload; the caller still learns of the failure.
    print(toPayload(error));
    throw error;
  } finally {
    await local.close();
  }
}

async function readEvent(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((cause) => {
    throw new RenderError(
      'BadSetting',
      `--event is ${JSON.stringify(file)}; there is no such file to read.`,
      {cause},
    );
  });
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new RenderError(
      'BadSetting',
      `--event is ${JSON.stringify(file)}, which is not JSON: ${(cause as Error).message}`,
      {
        cause,
      },
    );
  }
}
