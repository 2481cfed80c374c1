/**
 * The program that runs in every execution environment: `node bootstrap.ts <module> <export>`. It loads the
 * handler. Then it asks the Runtime API for one event at a time, forever, and posts each result.
 */
import {createContext} from './context.ts';
import {
  describeError,
  describeLoadError,
  describeRejection,
  type Handler,
  loadHandler,
} from './handler-module.ts';
import type {ErrorPayload} from './invocation.ts';
import {type NextEvent, RuntimeClient} from './runtime-client.ts';

const [file = '', exportName = ''] = process.argv.slice(2);
const client = new RuntimeClient(process.env.AWS_LAMBDA_RUNTIME_API ?? '');

/** The owner of an uncaught error: the start, an event, or nothing while the process waits for one. */
let stage: {readonly id?: string} | undefined = {};

// Kept now: a handler may replace `write` to capture its own output.
const outputs = [process.stdout, process.stderr].map((stream) => stream.write.bind(stream));

process.on('uncaughtException', (error) =>
  die({what: 'Uncaught Exception', error: describeError(error), code: 129}),
);
process.on('unhandledRejection', (reason) =>
  die({what: 'Unhandled Promise Rejection', error: describeRejection(reason), code: 128}),
);

async function main(): Promise<void> {
  const handler = await loadHandler({file, exportName}).catch((error) =>
    die({what: 'Init Error', error: describeLoadError(error), code: 1}),
  );
  for (;;) {
    stage = undefined;
    const next = await client.next();
    const id = String(next.headers['lambda-runtime-aws-request-id']);
    stage = {id};
    await run(handler, {...next, id});
  }
}

async function run(handler: Handler, {id, headers, payload}: NextEvent & {id: string}): Promise<void> {
  // The Runtime API asks runtimes to do this; the SDK and Powertools read it.
  process.env._X_AMZN_TRACE_ID = String(headers['lambda-runtime-trace-id']);
  let json: string;
  try {
    const result = await handler(JSON.parse(payload), createContext(headers, process.env));
    json = JSON.stringify(result) ?? 'null';
  } catch (thrown) {
    const error = describeError(thrown);
    say('Invoke Error', error);
    await written();
    return client.fail(id, error);
  }
  await written();
  return client.respond(id, json);
}

/** Reports an error after which the process cannot go on, and ends it. */
async function die({what, error, code}: {what: string; error: ErrorPayload; code: number}): Promise<never> {
  say(what, error);
  await written();
  try {
    if (stage) await client.fail(stage.id, error);
  } finally {
    process.exit(code);
  }
}

const say = (what: string, error: ErrorPayload): void => {
  outputs[1]?.(`ERROR\t${what}\t${JSON.stringify(error)}\n`);
};

/** Resolves when all output so far has left the process, so that it comes before the answer. */
async function written(): Promise<void> {
  await Promise.all(outputs.map((write) => new Promise<void>((resolve) => write('', () => resolve()))));
}

// If the service is killed, it cannot end its processes; they notice that their parent has changed.
const parent = process.ppid;
setInterval(() => process.ppid === parent || process.exit(1), 1000).unref();

// Without the service there is nothing to do, and no place to report an error.
main().catch(() => process.exit(1));
