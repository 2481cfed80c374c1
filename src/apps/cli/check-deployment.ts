import type {LambdaClient} from '@aws-sdk/client-lambda';
import {RenderError} from '../../base/errors.ts';
import {VERSION} from '../../base/version.ts';
import {ask} from '../../engines/lambda/invoke.ts';
import {mayInvoke, settingsChecks} from '../check/caller-checks.ts';
import {type Check, tryOut} from '../check/check.ts';
import type {FunctionCheck} from '../check/check-function.ts';
import {connect} from '../client/connect.ts';
import {CommandEnded, EXIT} from './exit.ts';
import type {Interrupt} from './interrupt.ts';
import type {Place} from './options.ts';
import {checkAddress, connectionOf} from './place.ts';
import {checkLine} from './show-checks.ts';

/** Which function is checked. */
export interface CheckCommand extends Pick<Place, 'endpointUrl' | 'region'> {
  function: string;
}

/**
 * Tries out a deployed function, and prints what was found and what to do about it. Rejects with `CommandEnded` if
 * something does not work.
 */
export async function checkDeployment(options: CheckCommand, {signal}: Interrupt): Promise<void> {
  const {function: functionName} = options;
  const found: Check[] = [];
  for await (const check of functionChecks(options, signal)) {
    process.stdout.write(checkLine(check));
    found.push(check);
  }
  const failed = found.filter(({state}) => state === 'failed').map(({name}) => name);
  if (failed.length > 0) {
    const message = `${functionName} cannot render yet: ${failed.join(', ')}.`;
    throw new CommandEnded({name: 'BadSetting', message, exitCode: EXIT.failed});
  }
  process.stdout.write(`${functionName} can render.\n`);
}

/**
 * Everything that can be checked about a function, from here and, with its permissions, from within; each
 * result as it comes.
 */
export async function* functionChecks(
  {function: functionName, ...place}: CheckCommand,
  signal: AbortSignal,
): AsyncGenerator<Check> {
  checkAddress(place);
  const {short, long} = connect(connectionOf(place));
  using _clients = {
    [Symbol.dispose]() {
      short.destroy();
      long.destroy();
    },
  };
  const invoked = await mayInvoke({lambda: short, functionName, signal});
  yield invoked;
  // A caller without that permission cannot check more.
  if (invoked.state !== 'ok') return;
  yield* await settingsChecks({lambda: short, functionName, signal});
  yield* await askFunction(long, {functionName, signal});
}

/**
 * The function's report about itself, with a comparison of versions; a function without a report is one
 * finding.
 */
async function askFunction(
  lambda: LambdaClient,
  {functionName, signal}: {functionName: string; signal: AbortSignal},
): Promise<Check[]> {
  let checks: Check[] = [];
  const version = await tryOut({
    name: 'version',
    mend: ({name}) =>
      name === 'BadEvent'
        ? 'Deploy this version: the function is an older one.'
        : "The function's log says more.",
    work: async () => {
      const answer = await ask(lambda, {functionName, event: {jobType: 'check'}, signal});
      const said = answer as Partial<FunctionCheck> | null;
      if (!said?.version || !said.checks)
        throw new RenderError('InvokeRefused', `${functionName} is a function of something else.`);
      checks = said.checks;
      const detail = `the function's is ${said.version}, this one ${VERSION}`;
      if (said.version === VERSION) return detail;
      return {state: 'warning', detail, mend: 'Deploy this version, or call it with the client of its own.'};
    },
  });
  return [version, ...checks];
}
