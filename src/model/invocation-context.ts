import type {Context} from 'aws-lambda';

/** What the handler asks of Lambda's context. */
export type InvocationContext = Pick<Context, 'getRemainingTimeInMillis'> &
  Partial<Pick<Context, 'awsRequestId' | 'memoryLimitInMB'>>;
