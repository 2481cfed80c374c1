import type {Matcher} from './proxy.ts';

/** The part of an event that tells whose it is. */
export interface AnyEvent {
  jobType: string;
  jobId: string;
  workerId?: number;
  chunk?: {content: string};
}

/** The event in the body of an Invoke request, or an environment's. */
export const eventOf = (payload: Buffer): AnyEvent => JSON.parse(payload.toString());

/** The same, if it is a worker's. */
export function partialOf(payload: Buffer): AnyEvent | undefined {
  const event = eventOf(payload);
  return event.jobType === 'partialRender' ? event : undefined;
}

/** Whether a request invokes a worker. */
export const isWorker =
  (workerId: number): Matcher =>
  ({body}) =>
    partialOf(body)?.workerId === workerId;

/** Whether a request invokes any worker. */
export const isAnyWorker: Matcher = ({body}) => partialOf(body) !== undefined;

/** Whether a request sends a whole job. */
export const isJob: Matcher = ({body}) => eventOf(body).jobType === 'fullRender';
