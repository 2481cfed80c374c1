import {failure, type Outcome} from './invocation.ts';

/** How an execution environment ended during an invocation. */
export interface Fault {
  readonly outcome: Outcome;
  /** The line in the log. */
  readonly line: string;
}

/** The time limit was reached. */
export function timeoutFault({requestId, limitSeconds}: {requestId: string; limitSeconds: number}): Fault {
  const said = `Task timed out after ${limitSeconds.toFixed(2)} seconds`;
  const errorMessage = `RequestId: ${requestId} Error: ${said}`;
  return {
    outcome: failure({errorType: 'Sandbox.Timedout', errorMessage}),
    line: `${new Date().toISOString()} ${requestId} ${said}`,
  };
}

/** The process was gone; `how` as `describeExit` puts it. */
export function exitFault({requestId, how}: {requestId: string; how: string}): Fault {
  const line = `RequestId: ${requestId} Error: ${how}`;
  return {outcome: failure({errorType: 'Runtime.ExitError', errorMessage: line}), line};
}
