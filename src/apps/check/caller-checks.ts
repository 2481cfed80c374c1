import {
  GetAccountSettingsCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  GetFunctionEventInvokeConfigCommand,
  type LambdaClient,
} from '@aws-sdk/client-lambda';
import {RenderError, toRenderError} from '../../base/errors.ts';
import {invoke} from '../../engines/lambda/invoke.ts';
import {type Check, tryOut} from './check.ts';

interface CallerCheck {
  lambda: LambdaClient;
  functionName: string;
  signal: AbortSignal;
}

/** Invocations at a time under which films are drawn slowly. */
const ROOM = 20;

/** Whether the caller may invoke the function, seen by a call that runs nothing (DryRun). */
export const mayInvoke = ({lambda, functionName, signal}: CallerCheck): Promise<Check> =>
  tryOut({
    name: 'invoke',
    mend: ({cause}) => whyNot(nameOf(cause), functionName),
    work: async () => {
      const payload = '{"jobType":"check"}';
      await invoke(lambda, {functionName, type: 'DryRun', payload, signal});
      return `${functionName} is there, and may be invoked`;
    },
  });

function whyNot(error: string, functionName: string): string {
  if (/AccessDenied|UnauthorizedException/.test(error))
    return `Allow the caller lambda:InvokeFunction on ${functionName}.`;
  if (/ResourceNotFound/.test(error))
    return 'See that the name and the region (AWS_REGION) are the ones it was deployed with.';
  if (/Credentials|Token|Signature|Unrecognized|InvalidClient/.test(error))
    return 'Give valid credentials: aws configure, AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.';
  return 'See that AWS_REGION (or --endpoint-url) is right, and that this machine reaches it.';
}

/**
 * The checks of a function's settings and its concurrency that the caller can make. If the caller lacks a
 * permission, the check is `unchecked`.
 */
export const settingsChecks = (options: CallerCheck): Promise<Check[]> =>
  Promise.all([state(options), retries(options), room(options)]);

const state = ({lambda, functionName: FunctionName, signal}: CallerCheck): Promise<Check> =>
  ifAllowed('state of the function', async () => {
    const command = new GetFunctionConfigurationCommand({FunctionName});
    const {State, StateReason, LastUpdateStatus, LastUpdateStatusReason, Timeout, MemorySize} =
      await lambda.send(command, {abortSignal: signal});
    const detail = `${State}, last update ${LastUpdateStatus}, ${MemorySize} MB, ${Timeout} s`;
    const isUp = (State === 'Active' || State === 'Inactive') && LastUpdateStatus !== 'Failed';
    if (isUp) return {state: 'ok', detail};
    const reason = StateReason ?? LastUpdateStatusReason ?? '';
    return {
      state: 'failed',
      detail: `${detail}. ${reason}`,
      mend: 'Wait until it is Active, or deploy it again.',
    };
  });

const retries = ({lambda, functionName: FunctionName, signal}: CallerCheck): Promise<Check> =>
  ifAllowed('asynchronous retries', async () => {
    const command = new GetFunctionEventInvokeConfigCommand({FunctionName});
    const {MaximumRetryAttempts = 2, DestinationConfig} = await lambda
      .send(command, {abortSignal: signal})
      // None of its own: Lambda's then (Lambda Developer Guide, "Error handling for asynchronous invocation").
      .catch((error: Error) => {
        if (/does(n't| not) have an EventInvokeConfig/.test(error.message))
          return {MaximumRetryAttempts: undefined, DestinationConfig: undefined};
        throw error;
      });
    if (MaximumRetryAttempts > 0) return {state: 'ok', detail: String(MaximumRetryAttempts)};
    const destination = DestinationConfig?.OnFailure?.Destination;
    if (destination) return {state: 'ok', detail: `none; failures go to ${destination}`};
    const mend =
      'Set a failure destination for asynchronous calls. Without it, the death of a job goes unnoticed.';
    return {state: 'warning', detail: 'none', mend};
  });

const room = ({lambda, functionName: FunctionName, signal}: CallerCheck): Promise<Check> =>
  ifAllowed('concurrency', async () => {
    const {AccountLimit} = await lambda.send(new GetAccountSettingsCommand({}), {abortSignal: signal});
    const {ConcurrentExecutions: limit, UnreservedConcurrentExecutions: unreserved} = AccountLimit ?? {};
    if (limit === undefined || unreserved === undefined)
      throw new RenderError('InvokeRefused', 'AWS reported no limits');
    const {ReservedConcurrentExecutions: reserved} = await lambda
      .send(new GetFunctionConcurrencyCommand({FunctionName}), {abortSignal: signal})
      // A caller without that permission has at least the unreserved concurrency.
      .catch(() => ({ReservedConcurrentExecutions: undefined}));
    const most = reserved ?? unreserved;
    const whose = reserved === undefined ? 'not reserved by other functions' : 'reserved for this function';
    const detail = `${most} invocations at a time, ${whose}, of the account's ${limit}`;
    if (most >= ROOM) return {state: 'ok', detail};
    const mend =
      reserved === undefined
        ? 'Ask AWS for more (Service Quotas, AWS Lambda, Concurrent executions). Until then, chunks wait for their turn, and films take longer.'
        : "Raise the function's reserved concurrency, or remove it.";
    return {state: most < 2 ? 'failed' : 'warning', detail, mend};
  });

/** Asks Lambda for something that needs a permission, and that not every service knows. */
async function ifAllowed(
  name: string,
  ask: () => Promise<Pick<Check, 'state' | 'detail' | 'mend'>>,
): Promise<Check> {
  try {
    return {name, ...(await ask())};
  } catch (error) {
    return {name, state: 'unchecked', detail: `${nameOf(error)}: ${toRenderError(error).message}`};
  }
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : '');
