import {LambdaClient, type LambdaClientConfig} from '@aws-sdk/client-lambda';
import {PROBE_MILLISECONDS, REQUEST_MILLISECONDS} from '../../engines/lambda/invoke.ts';
import type {ClientOptions} from './client.ts';

/** Milliseconds in which a short question is answered; a cancelled job takes up to 20 s to notice. */
const QUESTION_MILLISECONDS = 60_000;

/** The SDK's clients: one for renders, which take minutes without a word, and one for short questions. */
export function connect({region, endpoint, credentials, lambda}: Omit<ClientOptions, 'functionName'>): {
  long: LambdaClient;
  short: LambdaClient;
} {
  if (lambda) return {long: lambda, short: lambda};
  // As many renders at a time as any caller has; the SDK's 50 would make the 51st wait within its own
  // timeout.
  const agent = {keepAlive: true, keepAliveMsecs: PROBE_MILLISECONDS, maxSockets: 1_000};
  const common = {...(region && {region}), ...(endpoint && {endpoint}), ...(credentials && {credentials})};
  const handler = (requestTimeout: number): LambdaClientConfig['requestHandler'] => ({
    connectionTimeout: 10_000,
    requestTimeout,
    throwOnRequestTimeout: true,
    httpAgent: agent,
    httpsAgent: agent,
  });
  return {
    // Where a render's answer is lost, the job is asked for; sent again, it would only wait for itself.
    long: new LambdaClient({...common, maxAttempts: 1, requestHandler: handler(REQUEST_MILLISECONDS)}),
    short: new LambdaClient({...common, requestHandler: handler(QUESTION_MILLISECONDS)}),
  };
}
