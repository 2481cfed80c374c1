import {InvokeCommand, LambdaClient} from '@aws-sdk/client-lambda';
import type {EnvironmentState} from '../../../local-lambda/service.ts';
import type {ErrorPayload} from '../../../src/base/errors.ts';
import type {Quality} from '../../../src/model/quality.ts';
import {type AnyEvent, eventOf} from './events.ts';
import {FUNCTION, type Stage} from './stage.ts';
import {appears, within} from './within.ts';

/** The parts of a finished job's result that these tests read. */
export interface Result {
  state?: string;
  jobId: string;
  key: string;
  resultUrl?: string;
  hashesKey?: string;
  frames: number;
  workers: number;
  chunks?: {rendered: number; reused: number; retried: number; doubled: number};
}

/** The outcome of an invocation. */
export type Outcome = {result: Result; error?: undefined} | {error: ErrorPayload; result?: undefined};

/** A job as these tests send it. */
export interface JobRequest {
  jobType: 'fullRender';
  jobId: string;
  numWorkers: number;
  frameHashes: boolean;
  quality: Quality;
  variables: {wishes: Wishes; row?: string};
}

/** The project's actions besides drawing: see test/projects/faults. */
export interface Wishes {
  clip?: string;
  sound?: string;
  hog?: number;
  ask?: string;
  slow?: number;
}

/** One row's job on its stage. */
export interface Scene extends Stage {
  jobId: string;
  event: JobRequest;
  /** Sends the job, and again as often as it says that it continues; returns the last result. */
  send(): Promise<Outcome>;
  /** Sends any event once, to be waited for or not. */
  invokeOnce(event: object, how?: 'RequestResponse' | 'Event'): Promise<Outcome | undefined>;
  cancel(): Promise<Outcome | undefined>;
  /** The environment in which a worker of this job runs. */
  worker(workerId: number): Promise<EnvironmentState>;
  /** The environment in which the job itself runs. */
  orchestrator(): Promise<EnvironmentState>;
  /** The log's lines about retries. */
  retries(): string[];
  /** Waits until a line about this job appears in the log. */
  says(what: RegExp): Promise<void>;
}

/** Milliseconds in which any invocation of these tests has to be over. */
const LONGEST = 100_000;

/** Continuations after which a job is taken for one that never ends. */
const MOST_CONTINUATIONS = 13;

/** Puts a job on a stage. */
export function openScene(stage: Stage, event: JobRequest): Scene {
  const {jobId} = event;
  const logBefore = stage.log.length;
  const running = (what: string, matches: (event: AnyEvent) => boolean) =>
    appears(what, () =>
      stage.service.environments().find(({invocation}) => {
        if (!invocation) return false;
        const of = eventOf(invocation.payload);
        return of.jobId === jobId && matches(of);
      }),
    );

  const invokeOnce: Scene['invokeOnce'] = async (payload, how = 'RequestResponse') => {
    const credentials = {accessKeyId: 'local', secretAccessKey: 'local'};
    const client = new LambdaClient({
      endpoint: stage.invoke.url,
      region: 'us-east-1',
      credentials,
      maxAttempts: 1,
    });
    const command = new InvokeCommand({
      FunctionName: FUNCTION,
      InvocationType: how,
      Payload: JSON.stringify(payload),
    });
    try {
      const {Payload, FunctionError} = await within('an invocation', client.send(command), LONGEST);
      if (how === 'Event') return undefined;
      const answer = JSON.parse(Payload?.transformToString() ?? '');
      return FunctionError ? {error: answer} : {result: answer};
    } finally {
      client.destroy();
    }
  };

  return {
    ...stage,
    jobId,
    event,
    invokeOnce,
    async send() {
      for (let sent = 0; sent < MOST_CONTINUATIONS; sent++) {
        const outcome = await invokeOnce(event).catch(lost);
        if (outcome && outcome.result?.state !== 'continues') return outcome;
      }
      throw new Error(`Job ${jobId} continued ${MOST_CONTINUATIONS} times.`);
    },
    cancel: () => invokeOnce({jobType: 'cancel', jobId, force: true}),
    worker: (id) =>
      running(`worker ${id}`, ({jobType, workerId}) => jobType === 'partialRender' && workerId === id),
    orchestrator: () => running('the orchestrator', ({jobType}) => jobType === 'fullRender'),
    retries: () =>
      stage.log.slice(logBefore).filter((line) => line.includes(jobId) && /"retrying"/.test(line)),
    async says(what) {
      await appears(
        `the log to say ${what}`,
        () => stage.log.slice(logBefore).some((line) => line.includes(jobId) && what.test(line)) || undefined,
      );
    },
  };
}

/** A call without an answer, as an outcome: its sender knows no more than that. */
const lost = ({name, message}: Error): Outcome => ({error: {errorType: name, errorMessage: message}});
