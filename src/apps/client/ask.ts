import type {LambdaClient} from '@aws-sdk/client-lambda';
import {RenderError} from '../../base/errors.ts';
import {ask} from '../../engines/lambda/invoke.ts';
import type {CancelJob, StatusJob} from '../../model/event.ts';
import type {ContinuedResult} from '../../model/result.ts';
import type {CancelResult, RenderRequest, RenderResult, RenderStatus} from './types.ts';

/** A function, and the connection to it. */
export interface Asked {
  lambda: LambdaClient;
  functionName: string;
}

/** A question about a job; its request may be as a caller sends it. */
export type StatusQuestion = Omit<StatusJob, 'request'> & {
  request?: Omit<RenderRequest, 'jobId' | 'jobType'> | undefined;
};

/** The error for an answer that does not come from this project. */
const notOurs = (functionName: string, answer: unknown): RenderError =>
  new RenderError(
    'InvokeRefused',
    `${functionName} answered, but with something else: ${JSON.stringify(answer)?.slice(0, 200)}. Is it this project's function?`,
  );

/** Has a function render a film. Rejects as `askStatus` does, and with the error of the job. */
export async function askRender(
  {lambda, functionName}: Asked,
  event: RenderRequest,
  signal?: AbortSignal,
): Promise<RenderResult | ContinuedResult> {
  const answer = (await ask(lambda, {functionName, event, signal})) as RenderResult | ContinuedResult | null;
  if (answer?.state === 'finished' || answer?.state === 'continues') return answer;
  throw notOurs(functionName, answer);
}

/** Asks a function about a job. Rejects as `ask` does, and with `InvokeRefused` for a function of something else. */
export async function askStatus(
  {lambda, functionName}: Asked,
  event: StatusQuestion,
  signal?: AbortSignal,
): Promise<RenderStatus> {
  const answer = (await ask(lambda, {functionName, event, signal})) as RenderStatus | null;
  if (typeof answer?.run === 'number') return answer;
  throw notOurs(functionName, answer);
}

/** Has a function cancel a job. Rejects as `askStatus` does, and with `JobUnknown`. */
export async function askCancel(
  {lambda, functionName}: Asked,
  event: CancelJob,
  signal?: AbortSignal,
): Promise<CancelResult> {
  const answer = (await ask(lambda, {functionName, event, signal})) as CancelResult | null;
  if (answer?.state === 'cancelled' || answer?.state === 'finished') return answer;
  throw notOurs(functionName, answer);
}
