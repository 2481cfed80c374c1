import {type FunctionConfig, regionOf} from './function-config.ts';

/** The sources of an execution environment's variables. */
export interface VariablesOptions {
  readonly config: FunctionConfig;
  /** Its temporary directory. */
  readonly tmp: string;
  readonly runtimeApi: string;
  readonly logStreamName: string;
}

/** The log group of a function, as Lambda names it. */
const logGroupOf = ({name}: FunctionConfig): string => `/aws/lambda/${name}`;

/**
 * Every variable of an execution environment. It takes PATH and LANG from the service's own environment. A
 * function that works here only because of a variable of this machine would fail on Lambda. The names are
 * those of "Working with Lambda environment variables", defined runtime environment variables; the ones the
 * function's own variables cannot change stand last.
 */
export function sandboxVariables({config, tmp, runtimeApi, logStreamName}: VariablesOptions) {
  const region = regionOf(config);
  return {
    PATH: process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin',
    LANG: process.env.LANG ?? 'en_US.UTF-8',
    ...config.environment,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    HOME: tmp,
    TMPDIR: tmp,
    AWS_LAMBDA_FUNCTION_NAME: config.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(config.memoryMb),
    AWS_LAMBDA_LOG_GROUP_NAME: logGroupOf(config),
    AWS_LAMBDA_LOG_STREAM_NAME: logStreamName,
    AWS_LAMBDA_RUNTIME_API: runtimeApi,
  };
}
