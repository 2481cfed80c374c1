import type {LambdaClient} from '@aws-sdk/client-lambda';
import {mayInvoke, settingsChecks} from '../check/caller-checks.ts';
import {type Check, tryOut} from '../check/check.ts';
import type {FunctionCheck} from '../check/check-function.ts';
import {connect} from '../client/connect.ts';
import {answerOf, invoke} from '../engines/invoke.ts';
import {RenderError} from '../errors.ts';
import {VERSION} from '../version.ts';

/** The options of `check-deployment`, as they come from the command line. */
export interface CheckCommand {
  function: string;
  endpointUrl?: string;
}

/**
 * Tries out a deployed function, from here and, with the rights it has, from within; prints what was found and what to do
 * about it. Rejects with `BadSetting` if something does not work.
 */
export async function checkDeployment(
  {function: functionName, endpointUrl}: CheckCommand,
  signal: AbortSignal,
): Promise<void> {
  const {short, long} = connect({...(endpointUrl && {endpoint: endpointUrl})});
  using _clients = {
    [Symbol.dispose]() {
      short.destroy();
      long.destroy();
    },
  };
  const found: Check[] = [];
  const show = (checks: readonly Check[]) => {
    for (const check of checks) process.stdout.write(lineOf(check));
    found.push(...checks);
  };
  show([await mayInvoke({lambda: short, functionName, signal})]);
  // Whoever may not invoke it learns no more.
  if (found[0]?.state === 'ok') {
    show(await settingsChecks({lambda: short, functionName, signal}));
    show(await askFunction(long, {functionName, signal}));
  }
  const failed = found.filter(({state}) => state === 'failed').map(({name}) => name);
  if (failed.length > 0)
    throw new RenderError('BadSetting', `${functionName} cannot render yet: ${failed.join(', ')}.`);
  process.stdout.write(`${functionName} can render.\n`);
}

/** What the function says of itself, with a comparison of versions; a function that cannot say is one finding. */
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
      const payload = '{"jobType":"check"}';
      const answer = await invoke(lambda, {functionName, type: 'RequestResponse', payload, signal});
      const said = answerOf(answer, functionName) as Partial<FunctionCheck> | null;
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

/** How a finding begins. */
const MARKS: Record<Check['state'], string> = {
  ok: '✓',
  warning: '!',
  failed: '✗',
  unchecked: '– not checked:',
};

const lineOf = ({name, state, detail, mend}: Check): string =>
  `${MARKS[state]} ${name}: ${detail}\n${mend ? `  → ${mend}\n` : ''}`;
