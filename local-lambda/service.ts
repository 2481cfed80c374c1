import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {EnvironmentState} from './environment.ts';
import {checkFunctions, type FunctionConfig} from './function-config.ts';
import {createInvokeApi, type PageRoutes} from './invoke-api.ts';
import {type LogSink, toStandardError} from './log.ts';
import {Pool} from './pool.ts';

export type {EnvironmentState} from './environment.ts';
export type {FunctionConfig} from './function-config.ts';
export type {PageRoutes} from './invoke-api.ts';
export type {LogSink, LogSource} from './log.ts';

/** The settings of a service. */
export interface ServiceOptions {
  readonly functions: readonly FunctionConfig[];
  /** 0, the default, lets the system choose. */
  readonly port?: number;
  /** 127.0.0.1 by default: every client that can reach the port can run the functions. */
  readonly host?: string;
  /**
   * How many invocations of all functions together may run at a time, at least 1; one more is refused. 10
   * unless said otherwise, as for a new account (Lambda Developer Guide, "Lambda quotas").
   */
  readonly concurrency?: number;
  /** Seconds after which an execution environment that has nothing to do is ended; 300 unless said otherwise. */
  readonly idleSeconds?: number;
  /** Takes every line of every log; standard error unless said otherwise. */
  readonly logs?: LogSink;
  /** Adds routes of its own to the service, which have to say themselves who may use them. */
  readonly page?: PageRoutes;
}

/** A running service. */
export interface Service {
  /** The endpoint for SDKs and the CLI, like http://127.0.0.1:9001. */
  readonly url: string;
  /** The current execution environments, for tests that watch or disturb their processes. */
  environments(): EnvironmentState[];
  /**
   * Ends all execution environments and all they started, answers what still waits, stops listening and
   * removes the temporary directories. May be called twice.
   */
  close(): Promise<void>;
}

/** Milliseconds in which callers may take their last answers before the connections are cut. */
const LAST_ANSWERS_MS = 1000;

/**
 * Starts a Lambda service for this machine. Throws a RangeError that names an invalid option; rejects when
 * the port is taken.
 */
export async function startService(options: ServiceOptions): Promise<Service> {
  const {functions, port = 0, host = '127.0.0.1', concurrency = 10, idleSeconds = 300} = options;
  const logs = options.logs ?? toStandardError;
  checkFunctions(functions);
  if (!(Number.isInteger(concurrency) && concurrency >= 1)) {
    throw new RangeError(`concurrency: a whole number from 1 expected, not ${concurrency}.`);
  }
  if (!(idleSeconds >= 0 && idleSeconds * 1000 < 2 ** 31)) {
    throw new RangeError(`idleSeconds: 0 to ${2 ** 31 / 1000} expected, not ${idleSeconds}.`);
  }
  const directory = await mkdtemp(join(tmpdir(), 'lambda-'));
  const pool = new Pool({concurrency, idleSeconds, directory, logs});
  const app = createInvokeApi({functions, pool, logs, host, page: options.page});
  const close = async () => {
    await pool.close();
    const cut = setTimeout(() => app.server.closeAllConnections(), LAST_ANSWERS_MS);
    await app.close().finally(() => clearTimeout(cut));
    await rm(directory, {recursive: true, force: true, maxRetries: 10});
  };
  let closing: Promise<void> | undefined;
  try {
    const url = await app.listen({port, host});
    return {url, environments: () => pool.environments(), close: () => (closing ??= close())};
  } catch (error) {
    await close();
    throw error;
  }
}
