import {Command} from 'commander';
import {RenderError, toRenderError} from '../errors.ts';
import {QUALITIES} from '../quality.ts';

/** How a program that was interrupted ends, by convention: 128 + SIGINT. */
const INTERRUPTED = 130;

const interrupt = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  // Stays on for good: execa ends the program when it believes that nobody else listens.
  process.on(name, () => {
    if (interrupt.signal.aborted) process.exit(INTERRUPTED);
    interrupt.abort(new RenderError('Aborted', 'Stopped before the end.'));
  });
}

const program = new Command('revideo-lambda')
  .description('Renders Revideo films in parallel: on this machine, or as a Lambda function does it.')
  .option('--verbose', 'show where an error was thrown')
  .showHelpAfterError('(add --help for what is allowed)')
  // Named as ours are.
  .configureOutput({outputError: (text, write) => write(text.replace(/^error:/, 'BadSetting:'))});

program
  .command('render')
  .description('render a Revideo project on this machine')
  .option('--project <folder>', 'the folder of the project', 'revideo-project')
  .option('--workers <n>', 'how many chunks the film is cut into, 1 to 1000 (default: by its length)')
  .option('--variables <json>', 'variables of the project, as a JSON object')
  .option('--quality <name>', `how the picture is compressed: ${QUALITIES.join(', ')} (default: cheapest)`)
  .option('--out <file>', 'the finished film (default: <storage>/renders/<jobId>.mp4)')
  .option('--no-silent-track', 'no sound track where nothing sounds, in place of a silent one')
  .option('--storage <folder>', 'where films and chunks are kept (default: out; with --out, a cache)')
  .option('--job-id <id>', 'names the job and its film (default: a random one)')
  .option('--concurrency <n>', 'chunks drawn at the same time (default: one a core)')
  .option('--json', 'print the result on one line, and nothing else on standard output')
  .action(async (options) => (await import('./render.ts')).render(options, interrupt.signal));

program
  .command('invoke')
  .description(
    'send an event to the handler on this machine and print its answer, as the Lambda console does',
  )
  .requiredOption('--event <file>', 'a JSON file, such as events/full-render.json')
  .option('--project <folder>', 'the folder of the project', 'revideo-project')
  .option('--storage <folder>', 'where films and chunks are kept', 'out')
  .action(async (options) => (await import('./invoke.ts')).invoke(options, interrupt.signal));

program
  .command('serve')
  .description("run the function behind Lambda's Invoke API on this machine")
  .option('--port <n>', 'where it listens, on 127.0.0.1; 0 takes a free one', '9001')
  .option('--name <name>', 'the name of the function', 'revideo-render')
  .option('--project <folder>', 'the folder of the project', 'revideo-project')
  .option(
    '--storage <folder>',
    'where films and chunks are kept, unless REVIDEO_BUCKET_NAME names a bucket',
    'out',
  )
  .option('--concurrency <n>', 'invocations at the same time; one more is refused (default: cores + 1)')
  .option('--memory <mb>', 'what the function is told of its memory', '3008')
  .option('--timeout <seconds>', 'after which an invocation is killed', '900')
  .action(async (options) => (await import('./serve.ts')).serve(options, interrupt.signal));

program
  .command('cancel')
  .description('stop a job for good, so that nobody can render under its name again')
  .argument('<jobId>', 'the job')
  .option('--storage <folder>', 'where its films and chunks are kept', 'out')
  .option('--function <name>', 'a Lambda function that renders it, instead of this machine')
  .action(async (jobId, options) => (await import('./cancel.ts')).cancel(jobId, options, interrupt.signal));

program
  .command('status')
  .description('say how far a job is, or what became of it')
  .argument('<jobId>', 'the job')
  .option('--storage <folder>', 'where its films and chunks are kept', 'out')
  .option('--function <name>', 'a Lambda function that renders it, instead of this machine')
  .action(async (jobId, options) => (await import('./status.ts')).status(jobId, options, interrupt.signal));

program
  .command('cost')
  .description('say what a job has cost, by part and by run')
  .argument('<jobId>', 'the job')
  .option('--storage <folder>', 'where its films and chunks are kept', 'out')
  .option('--bucket <name>', 'the bucket of the function that renders it, instead of this machine')
  .option('--json', 'print all that is known on one line')
  .action(async (jobId, options) => (await import('./cost.ts')).cost(jobId, options, interrupt.signal));

program
  .command('estimate')
  .description('say what a film would take and cost on Lambda, by number of workers and size of memory')
  .option('--project <folder>', 'the folder of the project', 'revideo-project')
  .option('--frames <n>', 'a film of so many frames, in place of a project')
  .option('--variables <json>', 'variables of the project, as a JSON object')
  .option('--quality <name>', `how the picture is compressed: ${QUALITIES.join(', ')}`, 'cheapest')
  .option('--memory <mb,...>', 'sizes of memory', '3008')
  .option('--workers <n,...>', 'numbers of workers (default: some from 1 to 200)')
  .option('--architecture <name>', 'x86_64 or arm64', 'x86_64')
  .option('--region <name>', 'whose prices are taken (default: AWS_REGION, or us-east-1)')
  .option('--storage <folder>', 'where past jobs are kept', 'out')
  .option('--bucket <name>', 'the bucket where past jobs are kept, instead of this machine')
  .option('--json', 'print all that is known on one line')
  .action(async (options) => (await import('./estimate.ts')).estimate(options, interrupt.signal));

program
  .command('check-deployment')
  .description('try out a deployed function, and say what is wrong and how to mend it')
  .requiredOption('--function <name>', 'its name or ARN')
  .option('--endpoint-url <url>', "of a service other than AWS's own, such as the one serve starts")
  .action(async (options) =>
    (await import('./check-deployment.ts')).checkDeployment(options, interrupt.signal),
  );

try {
  await program.parseAsync();
} catch (thrown) {
  // Ctrl+C reaches the programs we run as well: whatever then failed, failed because of it.
  const error = toRenderError(interrupt.signal.aborted ? interrupt.signal.reason : thrown);
  process.stderr.write(`${error.name}: ${error.message}\n`);
  // A defect of ours is worth its stack; a mistake of the caller's is not.
  if (program.opts().verbose || error.name === 'Internal') process.stderr.write(`${error.stack}\n`);
  process.exitCode = error.name === 'Aborted' ? INTERRUPTED : 1;
}
