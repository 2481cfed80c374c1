import type {IncomingHttpHeaders} from 'node:http';

/**
 * A handler's second argument ("Using the Lambda context object to retrieve Node.js function information").
 */
export interface Context {
  readonly functionName: string;
  readonly functionVersion: string;
  readonly invokedFunctionArn: string;
  /** A number of MB, as text. */
  readonly memoryLimitInMB: string;
  readonly awsRequestId: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
  readonly clientContext: unknown;
  /** Milliseconds until the time limit; negative after it. */
  getRemainingTimeInMillis(): number;
}

/** The context of an invocation, from the Runtime API's headers and the process's variables. */
export function createContext(headers: IncomingHttpHeaders, env: NodeJS.ProcessEnv): Context {
  const header = (name: string) => String(headers[`lambda-runtime-${name}`] ?? '');
  const variable = (name: string) => env[`AWS_LAMBDA_${name}`] ?? '';
  const deadline = Number(header('deadline-ms'));
  const client = header('client-context');
  return {
    functionName: variable('FUNCTION_NAME'),
    functionVersion: variable('FUNCTION_VERSION'),
    invokedFunctionArn: header('invoked-function-arn'),
    memoryLimitInMB: variable('FUNCTION_MEMORY_SIZE'),
    awsRequestId: header('aws-request-id'),
    logGroupName: variable('LOG_GROUP_NAME'),
    logStreamName: variable('LOG_STREAM_NAME'),
    clientContext: client ? JSON.parse(client) : undefined,
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}
