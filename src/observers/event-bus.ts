import type {EventBridgeClient} from '@aws-sdk/client-eventbridge';
import {within} from '../base/within.ts';
import {endingOf} from '../job/ending.ts';
import type {EndedJob, Ending, JobEvent, Messenger, WatchJob} from '../model/job-events.ts';
import type {Storage} from '../storage/storage.ts';
import {tellOnce} from './tell/once.ts';
import {withoutAddresses} from './tell/without-addresses.ts';

/** Where events are put, and what is kept of them. */
export interface EventBusOptions {
  /** Name or ARN. */
  bus: string;
  storage: Storage;
  /** Called for an event that the bus did not accept, with the reason. */
  onUndelivered?: ((undelivered: {jobId: string; id: string; reason: string}) => void) | undefined;
}

/** The source of all our events. */
export const SOURCE = 'revideo-lambda';
/** Milliseconds in which an event is taken, or not; the SDK's tries included. */
const TELLING = 15_000;

/** The detail types that rules match, by how a job ends. */
const DETAIL_TYPES = {
  success: 'Revideo job finished',
  failure: 'Revideo job failed',
  timeout: 'Revideo job failed',
  cancelled: 'Revideo job cancelled',
} as const;

/** Puts an event on a bus of EventBridge when a job has ended: each once, by the same records as webhooks. */
export function eventBus({bus, storage, onUndelivered}: EventBusOptions): Messenger & {watch: WatchJob} {
  let client: Promise<EventBridgeClient> | undefined;

  const put = async ({jobId, run, ending}: Omit<EndedJob, 'request'>, signal: AbortSignal) => {
    // Loaded here only: a worker never needs it.
    const {PutEventsCommand} = await import('@aws-sdk/client-eventbridge');
    client ??= connect();
    const entry = {
      EventBusName: bus,
      Source: SOURCE,
      DetailType: DETAIL_TYPES[ending.type],
      Detail: JSON.stringify({jobId, run, ...shown(ending)}),
    };
    const command = new PutEventsCommand({Entries: [entry]});
    const {Entries = []} = await (await client).send(command, {abortSignal: signal});
    // The request as a whole succeeds even if the bus rejects the event.
    if (Entries[0]?.ErrorCode) throw Object.assign(new Error(), {name: Entries[0].ErrorCode});
  };

  const tell = async (job: Omit<EndedJob, 'request'>): Promise<void> => {
    const {jobId, run, ending} = job;
    const signal = within(TELLING);
    const message = `bus-${run}-${ending.type}`;
    await tellOnce({storage, jobId, message, signal}, async () => {
      try {
        await put(job, signal);
        return true;
      } catch (error) {
        onUndelivered?.({jobId, id: `${jobId}-${run}-${ending.type}`, reason: (error as Error).name});
        return false;
      }
    });
  };

  return {
    watch: ({jobId, run}) => {
      let sent: Promise<void> | undefined;
      return {
        onEvent(event: JobEvent) {
          const ending = endingOf(event);
          if (ending) sent ??= tell({jobId, run, ending}).catch(() => {});
        },
        close: async () => sent,
      };
    },
    check: async () => {},
    async catchUp(job) {
      // A caller may ask about a job long after its end. Only one that cancels a job knows that its
      // orchestrator may be dead.
      if (job.ending.type === 'cancelled') await tell(job).catch(() => {});
    },
  };
}

async function connect(): Promise<EventBridgeClient> {
  const {EventBridgeClient} = await import('@aws-sdk/client-eventbridge');
  return new EventBridgeClient({
    maxAttempts: 3,
    requestHandler: {connectionTimeout: 3_000, requestTimeout: 5_000, throwOnRequestTimeout: true},
  });
}

/** The content of an event about an ending. */
const shown = (ending: Ending): object =>
  ending.type === 'success' ? {result: withoutAddresses(ending.result)} : {error: ending.error};
