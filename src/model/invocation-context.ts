import type {Context} from 'aws-lambda';

/** The part of Lambda's context that the handler uses. */
export type InvocationContext = Pick<Context, 'getRemainingTimeInMillis'> &
  Partial<Pick<Context, 'awsRequestId' | 'memoryLimitInMB'>>;
