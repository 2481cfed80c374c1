// `npm test`: types and lint, unit tests, and a few tests of every other kind. With arguments, it is vitest with these.
// `npm run test:all`: every test of every kind, at full depth.
import {execa} from 'execa';
import {runSteps} from './support/run-steps.ts';
import {STEPS} from './support/steps.ts';

async function run([program = '', ...args]: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<number> {
  const options = {stdio: 'inherit', reject: false, preferLocal: true, env} as const;
  const {exitCode, signal} = await execa(program, args, options);
  // Without an exit code it was killed, or could not be started.
  if (exitCode === undefined) process.stderr.write(`${program} was ended by ${signal ?? 'an error'}.\n`);
  return exitCode ?? 1;
}

const [first, ...rest] = process.argv.slice(2);
const full = {TEST_DEPTH: process.env.TEST_DEPTH ?? '1'};
if (first === undefined)
  process.exitCode = await runSteps(STEPS, {run, write: (line) => process.stdout.write(`${line}\n`)});
else if (first === '--all') process.exitCode = await run(['vitest', 'run', ...rest], full);
else process.exitCode = await run(['vitest', 'run', first, ...rest]);
