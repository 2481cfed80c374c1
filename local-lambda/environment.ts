import {randomBytes} from 'node:crypto';
import {join} from 'node:path';
import {setImmediate as turn} from 'node:timers/promises';
import {exitFault, type Fault, timeoutFault} from './faults.ts';
import type {FunctionConfig} from './function-config.ts';
import type {Invocation, Outcome} from './invocation.ts';
import {Log, type LogSink} from './log.ts';
import type {MemoryWatch} from './memory-watch.ts';
import {reportLine} from './report.ts';
import {RuntimeApi} from './runtime-api.ts';
import {type Sandbox, startSandbox} from './sandbox.ts';

/** The settings of an execution environment. */
export interface EnvironmentOptions {
  readonly config: FunctionConfig;
  /** An existing directory, in which the environment makes its own. */
  readonly directory: string;
  readonly logs: LogSink;
  readonly memory: MemoryWatch;
}

/** An execution environment at one moment. */
export interface EnvironmentState {
  readonly functionName: string;
  /** Its first process, which leads a group and a session: what it has started descends from it. */
  readonly pid: number;
  /** Its TMPDIR. */
  readonly temporaryDirectory: string;
  /** The running invocation; undefined while it has none. */
  readonly invocation: Pick<Invocation, 'requestId' | 'payload'> | undefined;
}

/** An outcome and the last 4 KB of its log in base64. */
export interface LoggedOutcome extends Outcome {
  readonly logTail: string;
}

/** Seconds for the start ("Understanding the Lambda execution environment lifecycle", Init phase). A function
 * with a longer limit may use that: Lambda then repeats the start within it. */
const INIT_SECONDS = 10;

/** Milliseconds between SIGTERM and SIGKILL (same page, Shutdown phase: 500 ms with an internal extension). */
const SHUTDOWN_MS = 500;

interface Parts {
  readonly options: EnvironmentOptions;
  readonly sandbox: Sandbox;
  readonly api: RuntimeApi;
  readonly log: Log;
  /** On the clock of `performance.now()`. */
  readonly startedAt: number;
}

/** One execution environment: a process, its Runtime API and its directory. It runs one invocation at a time. */
export class Environment {
  readonly config: FunctionConfig;
  /** Resolves when the process, all it started and its directory are gone, or the log says why they are not. */
  readonly ended: Promise<void>;
  readonly #sandbox: Sandbox;
  readonly #api: RuntimeApi;
  readonly #log: Log;
  readonly #memory: MemoryWatch;
  readonly #startedAt: number;
  #alive = true;
  #warm = false;
  #invocation: Invocation | undefined;
  #ending: Promise<void> | undefined;

  private constructor({options, sandbox, api, log, startedAt}: Parts) {
    this.config = options.config;
    this.#memory = options.memory;
    this.#sandbox = sandbox;
    this.#api = api;
    this.#log = log;
    this.#startedAt = startedAt;
    // Also a process that dies between two invocations leaves nothing behind.
    this.ended = sandbox.exited
      .then(() => this.#end({graceMs: 0}))
      .catch((error) => log.line(`Cannot clean up after a process that ended: ${error}`));
  }

  /** Starts the process; the first invocation waits until it is ready. Rejects when nothing can be started. */
  static async start(options: EnvironmentOptions): Promise<Environment> {
    const {config, directory, logs} = options;
    const id = randomBytes(4).toString('hex');
    const logStreamName = `${new Date().toISOString().slice(0, 10).replaceAll('-', '/')}/[$LATEST]${id}`;
    const log = new Log(logs, {functionName: config.name, logStreamName});
    const api = await RuntimeApi.start();
    const startedAt = performance.now();
    try {
      const runtimeApi = api.address;
      const sandbox = await startSandbox({
        config,
        directory: join(directory, id),
        runtimeApi,
        logStreamName,
        log,
      });
      return new Environment({options, sandbox, api, log, startedAt});
    } catch (error) {
      await api.close();
      throw error;
    }
  }

  /** Whether it can take another invocation. */
  get alive(): boolean {
    return this.#alive;
  }

  /** Its description and its current work. */
  get state(): EnvironmentState {
    const {pid, temporaryDirectory} = this.#sandbox;
    return {functionName: this.config.name, pid, temporaryDirectory, invocation: this.#invocation};
  }

  /**
   * Runs one invocation. A reached time limit and a dead process are outcomes; after them the process, all it
   * started and its directory are gone. Rejects when these cannot be removed.
   */
  async invoke(invocation: Invocation): Promise<LoggedOutcome> {
    const {requestId} = invocation;
    this.#invocation = invocation;
    this.#memory.start(this.#sandbox.pid);
    const start = this.#warm ? undefined : await this.#initialise(requestId);
    this.#log.line(`START RequestId: ${requestId} Version: $LATEST`);
    const begun = performance.now();
    const outcome = start?.failed ?? (await this.#run(invocation));
    const durationMs = performance.now() - begun;
    this.#log.line(`END RequestId: ${requestId}`);
    const maxMemoryMb = this.#memory.stop(this.#sandbox.pid);
    const {memoryMb} = this.config;
    this.#log.line(reportLine({requestId, durationMs, initMs: start?.ms, memoryMb, maxMemoryMb}));
    this.#invocation = undefined;
    return {...outcome, logTail: this.#log.takeTail()};
  }

  /** Ends the process and all it started (SIGTERM, then SIGKILL) and removes the directory. */
  end(): Promise<void> {
    return this.#end({graceMs: SHUTDOWN_MS});
  }

  async #initialise(requestId: string): Promise<{ms: number; failed: Outcome | undefined}> {
    const ready = Promise.race([this.#api.polled(), this.#api.initFailed]);
    const limitSeconds = Math.max(INIT_SECONDS, this.config.timeoutSeconds);
    const failed = (await this.#orFault(ready, {requestId, limitSeconds})) ?? undefined;
    const ms = performance.now() - this.#startedAt;
    this.#warm = true;
    if (failed) await this.#end({graceMs: 0});
    return {ms, failed};
  }

  async #run(invocation: Invocation): Promise<Outcome> {
    const limitSeconds = this.config.timeoutSeconds;
    const deadlineMs = Date.now() + limitSeconds * 1000;
    let posted: Outcome | undefined;
    const done = this.#api.deliver({...invocation, deadlineMs}).then(async (outcome) => {
      posted = outcome;
      // It is not free before it asks for the next event: after an uncaught error it first reports and then
      // exits.
      await this.#api.polled();
      return outcome;
    });
    const end = await this.#orFault(done, {requestId: invocation.requestId, limitSeconds});
    return posted ?? end;
  }

  /** The result of `work`, or the environment's end if that comes first. */
  async #orFault<T>(
    work: Promise<T>,
    limit: {requestId: string; limitSeconds: number},
  ): Promise<T | Outcome> {
    const {requestId, limitSeconds} = limit;
    const late = Promise.withResolvers<Fault>();
    const timer = setTimeout(() => late.resolve(timeoutFault(limit)), limitSeconds * 1000);
    const dead = this.#sandbox.exited.then((how) => exitFault({requestId, how}));
    const end = await Promise.race([work.then((value) => ({value})), dead, late.promise]);
    clearTimeout(timer);
    if ('line' in end) await this.#end({graceMs: 0});
    // The pipe holds the process's last output from before its request. One whole turn of the event loop
    // reads it, and the first of these two may only finish the turn that is running.
    await turn();
    await turn();
    this.#log.flush();
    if ('value' in end) return end.value;
    this.#log.line(end.line);
    return end.outcome;
  }

  #end({graceMs}: {graceMs: number}): Promise<void> {
    this.#alive = false;
    this.#ending ??= this.#sandbox.end({graceMs}).finally(() => this.#api.close());
    return this.#ending;
  }
}
