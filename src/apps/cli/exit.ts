import {CommanderError} from 'commander';
import {RenderError, toRenderError} from '../../base/errors.ts';
import {RenderFailed} from '../client/errors.ts';

/** The exit codes of the command line. */
export const EXIT = {
  /** The command has done its task. */
  done: 0,
  /** It failed, or something was found broken. */
  failed: 1,
  /** A command, an option or an event that cannot be used as it is; nothing was begun. */
  usage: 2,
  /** The job was cancelled, for good. */
  cancelled: 3,
  /** The command no longer waits for the job, which continues. */
  detached: 4,
  /** A time limit was reached. As of `timeout` (GNU coreutils). */
  timedOut: 124,
  /** Stopped by Ctrl+C or a signal: 128 + SIGINT, by convention. */
  interrupted: 130,
} as const;

/** Ends a command with a line on standard error, and an exit code that no error's name tells. */
export class CommandEnded extends Error {
  override readonly name: string;
  readonly exitCode: number;

  constructor({name, message, exitCode}: {name: string; message: string; exitCode: number}) {
    super(message);
    this.name = name;
    this.exitCode = exitCode;
  }
}

/** How a command ended that did not do what was asked. */
export interface Failure {
  /** The line on standard error; left out if it was printed before. */
  line?: string;
  /** Whether it is a defect of ours, which is worth its stack. */
  defect: boolean;
  stack: string | undefined;
  exitCode: number;
}

/** Exit codes by the names of errors; 1 for all others. */
const BY_NAME: Readonly<Record<string, number>> = {
  BadEvent: EXIT.usage,
  BadSetting: EXIT.usage,
  ProjectNotFound: EXIT.usage,
  Cancelled: EXIT.cancelled,
  TimedOut: EXIT.timedOut,
  DeadlineNear: EXIT.timedOut,
  Aborted: EXIT.interrupted,
};

/** The message and the exit code for an error. */
export function toFailure(thrown: unknown): Failure {
  // It has written what was wrong, or the help that was asked for.
  if (thrown instanceof CommanderError)
    return {defect: false, stack: thrown.stack, exitCode: thrown.exitCode === 0 ? EXIT.done : EXIT.usage};
  if (thrown instanceof CommandEnded) {
    const {name, message, stack, exitCode} = thrown;
    return {line: `${name}: ${message}`, defect: false, stack, exitCode};
  }
  const error = toRenderError(thrown);
  const name = thrown instanceof RenderFailed ? thrown.errorType : error.name;
  return {
    line: `${name}: ${error.message}`,
    defect: name === 'Internal',
    // An error put into other words was thrown where the first one was.
    stack: error.cause instanceof RenderError ? error.cause.stack : error.stack,
    exitCode: BY_NAME[name] ?? EXIT.failed,
  };
}
