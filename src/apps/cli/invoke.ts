import {toPayload} from '../../base/errors.ts';
import {ask} from '../../engines/lambda/invoke.ts';
import {shownLine} from '../../model/scene-line.ts';
import type {TypeCheck} from '../../model/type-checks.ts';
import {connect} from '../client/connect.ts';
import {showJob} from './display/from-events.ts';
import {showProgress} from './display/show-progress.ts';
import type {Interrupt} from './interrupt.ts';
import {localHandler} from './local.ts';
import type {Place} from './options.ts';
import {checkAddress, connectionOf} from './place.ts';
import {print} from './print.ts';
import {readEventFile} from './read-event-file.ts';

/** The options of `invoke`, as they come from the command line. */
export interface InvokeCommand extends Pick<Place, 'function' | 'endpointUrl' | 'region'> {
  event: string;
  project?: string;
  typeCheck?: TypeCheck;
  storage: string;
  json?: boolean;
  quiet?: boolean;
  verbose?: boolean;
}

/** Sends an event file to the handler on this machine, or to a function, and prints its answer as the console does. */
export async function invoke(options: InvokeCommand, {signal}: Interrupt): Promise<void> {
  const {json} = options;
  const event = await readEventFile(options.event);
  try {
    print(await (options.function === undefined ? sendHere : sendThere)(event, options, signal), json);
  } catch (error) {
    // The console shows a failed invocation's payload; the caller still learns about the failure.
    print(toPayload(error), json);
    throw error;
  }
}

async function sendHere(
  event: unknown,
  {project, typeCheck, storage, quiet, verbose}: InvokeCommand,
  signal: AbortSignal,
): Promise<unknown> {
  const display = showProgress({quiet});
  try {
    const local = await localHandler({
      project,
      typeCheck,
      out: storage,
      signal,
      ...(verbose && {onLine: (line) => display.say(shownLine(line))}),
      ...showJob(display),
    });
    try {
      return await local.handler(event);
    } finally {
      display.stop();
      await local.close();
    }
  } finally {
    display.stop();
  }
}

async function sendThere(
  event: unknown,
  {function: functionName = '', ...place}: InvokeCommand,
  signal: AbortSignal,
): Promise<unknown> {
  checkAddress(place);
  const {long, short} = connect(connectionOf(place));
  try {
    return await ask(long, {functionName, event, signal});
  } finally {
    long.destroy();
    short.destroy();
  }
}
