import {existsSync} from 'node:fs';
import {isAbsolute} from 'node:path';
import type {ContainerImage} from './container.ts';

/** A handler: an absolute path of a .ts or .js module, and the name under which it exports it. */
export interface HandlerModule {
  readonly file: string;
  readonly exportName: string;
}

/** A function of the service: what Lambda calls its configuration. */
export interface FunctionConfig {
  /** 1-64 letters, digits, hyphens and underscores (Lambda API Reference, "CreateFunction", FunctionName). */
  readonly name: string;
  /** The code: a module and what it exports, or an image. */
  readonly handler: HandlerModule | ContainerImage;
  /**
   * The function's own variables. Read each time an execution environment starts. So a caller who lets the
   * system choose the port can add the service's `url` here once it is known.
   */
  readonly environment: Readonly<Record<string, string>>;
  /** 128-10240; shown to the function and in the REPORT line, and enforced where the code is an image. */
  readonly memoryMb: number;
  /** Above 0, at most 900. */
  readonly timeoutSeconds: number;
}

/** Memory in MB and time in seconds a function may have (Lambda Developer Guide, "Lambda quotas"). */
const FUNCTION_LIMITS = {memoryMb: {min: 128, max: 10_240}, timeoutSeconds: 900} as const;

/** The account in every ARN of this service: no real account has it. */
export const ACCOUNT_ID = '000000000000';

/** The region of a function: what its own variables say, or us-east-1. */
export const regionOf = ({environment}: FunctionConfig): string =>
  environment.AWS_REGION ?? environment.AWS_DEFAULT_REGION ?? 'us-east-1';

/** The function's ARN, without a qualifier. */
export const arnOf = (config: FunctionConfig): string =>
  `arn:aws:lambda:${regionOf(config)}:${ACCOUNT_ID}:function:${config.name}`;

/**
 * The answer of GetFunctionConfiguration. It shows only this project's variables that are not secret, because
 * every client that reaches the port may ask.
 */
export function describe(config: FunctionConfig): Record<string, unknown> {
  const {name, memoryMb, timeoutSeconds, environment} = config;
  const told = Object.entries(environment).filter(
    ([variable]) => variable.startsWith('REVIDEO_') && !variable.includes('SECRET'),
  );
  return {
    ...{FunctionName: name, FunctionArn: arnOf(config), MemorySize: memoryMb, Timeout: timeoutSeconds},
    ...{State: 'Active', LastUpdateStatus: 'Successful', Environment: {Variables: Object.fromEntries(told)}},
  };
}

/** Throws a RangeError that names the function and the field when a configuration cannot be used. */
export function checkFunctions(functions: readonly FunctionConfig[]): void {
  const names = new Set<string>();
  for (const config of functions) {
    const problem = problemOf(config) ?? (names.has(config.name) ? 'name: used by two functions' : undefined);
    if (problem) throw new RangeError(`Function "${config.name}", ${problem}.`);
    names.add(config.name);
  }
}

function problemOf({name, handler, memoryMb, timeoutSeconds}: FunctionConfig): string | undefined {
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(name)) return 'name: 1-64 letters, digits, hyphens, underscores expected';
  if ('image' in handler) return limitProblemOf({memoryMb, timeoutSeconds});
  if (!isAbsolute(handler.file)) return `handler.file: an absolute path expected, not ${handler.file}`;
  if (!existsSync(handler.file)) return `handler.file: there is no ${handler.file}`;
  return limitProblemOf({memoryMb, timeoutSeconds});
}

function limitProblemOf({
  memoryMb,
  timeoutSeconds,
}: Pick<FunctionConfig, 'memoryMb' | 'timeoutSeconds'>): string | undefined {
  const {memoryMb: memory, timeoutSeconds: longest} = FUNCTION_LIMITS;
  if (!(memoryMb >= memory.min && memoryMb <= memory.max)) {
    return `memoryMb: ${memory.min}-${memory.max} expected, not ${memoryMb}`;
  }
  if (!(timeoutSeconds > 0 && timeoutSeconds <= longest)) {
    return `timeoutSeconds: above 0 and at most ${longest} expected, not ${timeoutSeconds}`;
  }
  return undefined;
}
