import {randomUUID} from 'node:crypto';
import {LambdaClient} from '@aws-sdk/client-lambda';
import {type Check, tryOut} from '../check/check.ts';
import {storageChecks} from '../check/storage-checks.ts';
import {functionChecks} from './check-deployment.ts';
import {CommandEnded, EXIT} from './exit.ts';
import type {Interrupt} from './interrupt.ts';
import {laptopChecks} from './laptop-checks.ts';
import type {Place} from './options.ts';
import {checkAddress, connectionOf, storagesOf} from './place.ts';
import {print} from './print.ts';
import {privateAddresses} from './private-addresses.ts';
import {projectCheck} from './project-check.ts';
import {checkLine} from './show-checks.ts';

/** The options of `doctor`, as they come from the command line. */
export interface DoctorCommand extends Place {
  /** A project, by its folder or its project file, that is looked through. */
  project?: string;
  json?: boolean;
}

/**
 * Tries out whatever rendering needs: this machine, and a bucket and a function where they are named. Prints each
 * finding with what to do about it. Rejects with `CommandEnded` if something is broken.
 */
export async function doctor({json, project, ...place}: DoctorCommand, {signal}: Interrupt): Promise<void> {
  const found: Check[] = [];
  for await (const check of checks(place, {project, signal})) {
    found.push(check);
    if (!json) process.stdout.write(checkLine(check));
  }
  if (json) print(found, true);
  const broken = found.filter(({state}) => state === 'failed').map(({name}) => name);
  if (broken.length > 0) {
    const message = `Not everything works yet: ${broken.join(', ')}.`;
    throw new CommandEnded({name: 'Broken', message, exitCode: EXIT.failed});
  }
  if (!json) process.stdout.write('Nothing is broken.\n');
}

async function* checks(
  place: Place,
  {project, signal}: {project: string | undefined; signal: AbortSignal},
): AsyncGenerator<Check> {
  const {function: functionName, bucket, storage = 'out'} = place;
  checkAddress(place);
  yield* laptopChecks({storage, signal});
  if (project === undefined) yield notAsked('project, private addresses', '--project <path>');
  else {
    const found = await projectCheck(project);
    yield found;
    if (found.state !== 'failed') yield await privateAddresses(project);
    else yield {name: 'private addresses', state: 'unchecked', detail: 'they need a project that works'};
  }
  yield await credentials(place);
  if (bucket) {
    yield* await storageChecks({storage: storagesOf(place).storage, id: randomUUID(), signal});
  } else yield notAsked('bucket', '--bucket <name>');
  if (functionName) yield* functionChecks({...place, function: functionName}, signal);
  else yield notAsked('function, quotas', '--function <name>');
}

const notAsked = (name: string, option: string): Check => ({
  name,
  state: 'unchecked',
  detail: `${option} has it tried out`,
});

async function credentials(place: Place): Promise<Check> {
  const isNeeded = Boolean(place.bucket || place.function);
  const lambda = new LambdaClient(connectionOf(place));
  const check = await tryOut({
    name: 'AWS credentials',
    mend: 'Run aws configure, or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; and AWS_REGION or --region.',
    work: async () => {
      const {accessKeyId, expiration} = await lambda.config.credentials();
      const region = await lambda.config.region();
      const until = expiration ? `, good until ${expiration.toISOString()}` : '';
      return `${accessKeyId.slice(0, 4)}…${until}, region ${region}`;
    },
  });
  lambda.destroy();
  if (check.state !== 'failed' || isNeeded) return check;
  // A machine that renders by itself needs none.
  return {
    name: check.name,
    state: 'unchecked',
    detail: 'none are found; rendering on this machine needs none',
  };
}
