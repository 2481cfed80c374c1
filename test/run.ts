// `npm test`: types and lint, unit tests, and a few tests of every other kind. With arguments, it is vitest with these.
// `npm run test:all`: every test of every kind, at full depth.
import {execa} from 'execa';
import {STEPS} from './support/steps.ts';

/** Runs a program with its output on this terminal, and returns its exit code. */
async function run([program = '', ...args]: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<number> {
  const {exitCode, signal} = await execa(program, args, {
    ...{stdio: 'inherit', reject: false, preferLocal: true, env},
  });
  // Without an exit code it was killed, or could not be started.
  if (exitCode === undefined) process.stderr.write(`${program} was ended by ${signal ?? 'an error'}.\n`);
  return exitCode ?? 1;
}

const minutes = (seconds: number) => `${(seconds / 60).toFixed(1)} min`;

/** Runs every step, also after one that failed, and returns the exit code of the first that failed. */
async function runSteps(): Promise<number> {
  const total = STEPS.reduce((sum, {seconds}) => sum + seconds, 0);
  process.stdout.write(`npm test takes about ${minutes(total)} on two idle cores:\n`);
  for (const {what, seconds} of STEPS) process.stdout.write(`  ${what}, about ${seconds} s\n`);
  process.stdout.write('Every test of every kind: npm run test:all\n');
  const began = performance.now();
  const failed: {what: string; code: number}[] = [];
  for (const [index, {what, command}] of STEPS.entries()) {
    process.stdout.write(`\n== ${index + 1} of ${STEPS.length}: ${what}\n`);
    const stepBegan = performance.now();
    const code = await run(command);
    const took = Math.round((performance.now() - stepBegan) / 1000);
    process.stdout.write(`== ${what}: ${code === 0 ? 'passed' : 'FAILED'} after ${took} s\n`);
    if (code !== 0) failed.push({what, code});
  }
  const took = minutes((performance.now() - began) / 1000);
  const names = failed.map(({what}) => what).join('; ');
  process.stdout.write(
    failed.length ? `\nnpm test FAILED after ${took}: ${names}\n` : `\nnpm test passed after ${took}\n`,
  );
  return failed[0]?.code ?? 0;
}

const [first, ...rest] = process.argv.slice(2);
if (first === undefined) process.exitCode = await runSteps();
else if (first === '--all')
  process.exitCode = await run(['vitest', 'run', ...rest], {TEST_DEPTH: process.env.TEST_DEPTH ?? '1'});
else process.exitCode = await run(['vitest', 'run', first, ...rest]);
