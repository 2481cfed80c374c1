import {Environment, type EnvironmentState, type LoggedOutcome} from './environment.ts';
import type {FunctionConfig} from './function-config.ts';
import type {Invocation} from './invocation.ts';
import type {LogSink} from './log.ts';
import {MemoryWatch} from './memory-watch.ts';

/** The settings of a pool. */
export interface PoolOptions {
  /** How many invocations, of all functions together, may run at a time; at least 1. */
  readonly concurrency: number;
  /** Seconds after which an environment that has nothing to do is ended. */
  readonly idleSeconds: number;
  /** An existing directory for the environments'. */
  readonly directory: string;
  readonly logs: LogSink;
}

/** An invocation and the function it is for. */
export interface Call {
  readonly config: FunctionConfig;
  readonly invocation: Invocation;
}

/** All execution environments of a service: never more of them than its concurrency. */
export class Pool {
  readonly #options: PoolOptions;
  readonly #memory = new MemoryWatch();
  readonly #environments = new Set<Environment>();
  readonly #running = new Set<Promise<LoggedOutcome>>();
  /** Asynchronous invocations for which there is no room yet, the oldest first. */
  readonly #waiting: {
    call: Call;
    start: (run: Promise<LoggedOutcome>) => void;
    drop: (error: Error) => void;
  }[] = [];
  /** Least recently used first. */
  readonly #idle: {environment: Environment; timer: NodeJS.Timeout}[] = [];
  #closing = false;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** Starts an invocation, or gives undefined when as many run as may. */
  tryRun(call: Call): Promise<LoggedOutcome> | undefined {
    if (this.#closing || this.#running.size >= this.#options.concurrency) return undefined;
    const run = this.#run(call).finally(() => {
      this.#running.delete(run);
      this.#next();
    });
    this.#running.add(run);
    return run;
  }

  /** Every environment whose process has been started and has not ended. */
  environments(): EnvironmentState[] {
    return [...this.#environments].filter(({alive}) => alive).map(({state}) => state);
  }

  /** Starts an asynchronous invocation as soon as there is room, in turn; rejects if the pool is closed before. */
  run(call: Call): Promise<LoggedOutcome> {
    const running = this.#waiting.length === 0 ? this.tryRun(call) : undefined;
    return running ?? new Promise((start, drop) => this.#waiting.push({call, start, drop}));
  }

  #next(): void {
    const [oldest] = this.#waiting;
    const running = oldest && this.tryRun(oldest.call);
    if (running) this.#waiting.shift()?.start(running);
  }

  /** Ends every environment; running invocations end with a `Runtime.ExitError`. */
  async close(): Promise<void> {
    this.#closing = true;
    for (const {drop} of this.#waiting.splice(0)) drop(new Error('the service was closed'));
    for (const {timer} of this.#idle.splice(0)) clearTimeout(timer);
    await Promise.all([...this.#environments].map((environment) => environment.end()));
    await Promise.allSettled(this.#running);
  }

  async #run({config, invocation}: Call): Promise<LoggedOutcome> {
    const environment = this.#takeIdle(config) ?? (await this.#start(config));
    const outcome = await environment.invoke(invocation);
    if (environment.alive && !this.#closing) this.#rest(environment);
    return outcome;
  }

  async #start(config: FunctionConfig): Promise<Environment> {
    // `running` does not count this call yet. Idle environments, then of other functions, make room for it.
    const needed = this.#running.size + this.#idle.length + 1;
    const [oldest] = this.#idle;
    if (needed > this.#options.concurrency && oldest) await this.#drop(oldest.environment);
    const environment = await Environment.start({...this.#options, config, memory: this.#memory});
    this.#environments.add(environment);
    environment.ended.then(() => this.#forget(environment));
    if (this.#closing) await environment.end();
    return environment;
  }

  /** A warm environment of the function, the one used last: the others can then grow old and be ended. */
  #takeIdle(config: FunctionConfig): Environment | undefined {
    const entry = this.#idle.findLast(({environment}) => environment.alive && environment.config === config);
    return entry && this.#unrest(entry.environment);
  }

  #rest(environment: Environment): void {
    const {idleSeconds} = this.#options;
    // A failure to end it is in its log, written by itself.
    const timer = setTimeout(() => this.#drop(environment).catch(() => {}), idleSeconds * 1000).unref();
    this.#idle.push({environment, timer});
  }

  #unrest(environment: Environment): Environment {
    const index = this.#idle.findIndex((entry) => entry.environment === environment);
    for (const {timer} of index < 0 ? [] : this.#idle.splice(index, 1)) clearTimeout(timer);
    return environment;
  }

  async #drop(environment: Environment): Promise<void> {
    await this.#unrest(environment).end();
  }

  #forget(environment: Environment): void {
    this.#unrest(environment);
    this.#environments.delete(environment);
  }
}
