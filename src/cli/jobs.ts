import {resolve} from 'node:path';
import {GetFunctionConfigurationCommand, LambdaClient} from '@aws-sdk/client-lambda';
import {type CancelResult, cancelJob} from '../cancel-job.ts';
import {createClient} from '../client/create-client.ts';
import {toRenderFailed} from '../client/errors.ts';
import type {
  Client,
  ClientOptions,
  RenderResult,
  RenderStatus,
  StartedJob,
  WaitOptions,
} from '../client/types.ts';
import {waitForJob} from '../client/wait-for-job.ts';
import {RenderError} from '../errors.ts';
import type {CancelJob, StatusJob} from '../event.ts';
import {jobStatus} from '../job-status.ts';
import {parseEvent} from '../parse-event.ts';
import {directoryStorage} from '../storage/directory.ts';
import {s3Client, s3Storage} from '../storage/s3.ts';
import type {Storage} from '../storage/storage.ts';
import type {Place} from './options.ts';

/** The jobs of one place: a function's, a bucket's or a folder's. */
export interface Jobs {
  /** The place, for messages. */
  readonly where: string;
  /** Of the function; left out where there is none to ask. */
  readonly client?: Client;
  status(jobId: string, signal: AbortSignal): Promise<RenderStatus>;
  cancel(jobId: string, signal: AbortSignal): Promise<CancelResult>;
  waitFor(job: string | StartedJob, options: WaitOptions): Promise<RenderResult>;
  /** What the jobs have stored. Of a function that cannot be asked for its bucket: rejects with `BadSetting`. */
  storage(signal: AbortSignal): Promise<Storage>;
}

/** The options that name a place, as words for a command that is to be typed. */
export function placeWords({function: name, endpointUrl, region, bucket, storage}: Place): string {
  const named = {function: name, 'endpoint-url': endpointUrl, region, bucket, storage};
  return Object.entries(named)
    .flatMap(([option, value]) => (value ? [`--${option} ${value}`] : []))
    .join(' ');
}

/** The jobs of the place that options name. Opens no connection yet. Throws `BadSetting` for an address that is none. */
export function openJobs(place: Place): Jobs {
  checkAddress(place);
  return place.function ? functionsJobs(place.function, place) : storedJobs(storageOf(place));
}

/** Throws `BadSetting` for an address of a service that is none. */
export function checkAddress({endpointUrl}: Place): void {
  if (endpointUrl === undefined || /^https?:$/.test(URL.parse(endpointUrl)?.protocol ?? '')) return;
  throw new RenderError(
    'BadSetting',
    `--endpoint-url is ${JSON.stringify(endpointUrl)}; it must be an address such as http://127.0.0.1:9001.`,
  );
}

/** How a client reaches a function. What serve starts looks at neither region nor credentials, but the SDK needs some. */
export function connectionOf({endpointUrl, region}: Place): Omit<ClientOptions, 'functionName'> {
  const isHere = endpointUrl && /^(127\.|localhost$|\[::1\]$)/.test(new URL(endpointUrl).hostname);
  const {AWS_ACCESS_KEY_ID, AWS_PROFILE, AWS_REGION} = process.env;
  return {
    ...(endpointUrl && {endpoint: endpointUrl}),
    ...(region && {region}),
    ...(isHere && !region && !AWS_REGION && {region: 'us-east-1'}),
    ...(isHere &&
      !AWS_ACCESS_KEY_ID &&
      !AWS_PROFILE && {credentials: {accessKeyId: 'local', secretAccessKey: 'local'}}),
  };
}

function functionsJobs(functionName: string, place: Place): Jobs {
  const connection = connectionOf(place);
  const client = createClient({functionName, ...connection});
  return {
    client,
    where: functionName,
    status: (jobId, signal) => client.progress(asked('status', jobId).jobId, {signal}),
    cancel: (jobId, signal) => client.cancel(asked('cancel', jobId).jobId, {signal}),
    waitFor: client.waitFor,
    storage: async (signal) =>
      place.bucket || place.storage
        ? storageOf(place)
        : functionsStorage(functionName, {place, connection, signal}),
  };
}

/** What the function itself is told of where films are. */
async function functionsStorage(
  FunctionName: string,
  {
    place,
    connection,
    signal,
  }: {place: Place; connection: ReturnType<typeof connectionOf>; signal: AbortSignal},
): Promise<Storage> {
  const lambda = new LambdaClient(connection);
  const why = `Where ${FunctionName} keeps its films has to be known for this`;
  try {
    const command = new GetFunctionConfigurationCommand({FunctionName});
    const {Environment} = await lambda.send(command, {abortSignal: signal});
    const {REVIDEO_BUCKET_NAME: bucket, REVIDEO_DIRECTORY: storage} = Environment?.Variables ?? {};
    if (bucket || storage) return storageOf({...place, ...(bucket ? {bucket} : {storage: storage ?? ''})});
    throw new RenderError('BadSetting', `${why}, and its settings do not say. Add --bucket <name>.`);
  } catch (error) {
    if (error instanceof RenderError) throw error;
    signal.throwIfAborted();
    const {name, message} = error as Error;
    throw new RenderError(
      'BadSetting',
      `${why}, and Lambda does not tell (${name}: ${message}). Add --bucket <name>, or --storage <folder> for a local service.`,
      {cause: error},
    );
  } finally {
    lambda.destroy();
  }
}

function storageOf({function: name, bucket, storage = 'out', region, endpointUrl}: Place): Storage {
  if (!bucket) return directoryStorage({root: resolve(storage)});
  // With a function, the address is Lambda's.
  const endpoint = name ? undefined : endpointUrl;
  return s3Storage({bucket, client: s3Client({...(region && {region}), ...(endpoint && {endpoint})})});
}

function storedJobs(storage: Storage): Jobs {
  const status = async (event: StatusJob, signal: AbortSignal): Promise<RenderStatus> =>
    jobStatus(event, {storage}, signal);
  return {
    where: storage.bucket,
    status: (jobId, signal) => status(asked('status', jobId), signal),
    cancel: (jobId, signal) => cancelJob(asked('cancel', jobId), {storage}, signal),
    waitFor: (job, options) =>
      waitForJob(typeof job === 'string' ? {jobId: job, after: 0} : job, {
        ...options,
        ask: ({jobId, invocation}, {signal = new AbortController().signal}) =>
          status({jobType: 'status', jobId, invocation}, signal).catch((error) => {
            throw toRenderFailed(error, jobId);
          }),
      }),
    storage: async () => storage,
  };
}

/** An event about a job; throws `BadEvent` for what is no jobId. */
function asked(jobType: 'status', jobId: string): StatusJob;
function asked(jobType: 'cancel', jobId: string): CancelJob;
function asked(jobType: string, jobId: string): unknown {
  return parseEvent({jobType, jobId});
}
