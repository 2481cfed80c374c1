import {randomUUID} from 'node:crypto';
import pLimit from 'p-limit';
import {type ErrorPayload, fromPayload, RenderError} from '../../base/errors.ts';
import {pause} from '../../base/pause.ts';
import type {PartialRender} from '../../model/event.ts';
import type {Described, JobEvent} from '../../model/job-events.ts';
import {type ChunkName, failureKey} from '../../model/keys.ts';
import {readRecord, type StoredRecord} from '../../storage/record.ts';
import {type Dispatched, dispatch} from '../dispatch/dispatch.ts';
import type {JobPolicy} from '../policy.ts';
import type {JobPorts} from '../ports.ts';
import type {RunContext, RunOrder} from '../run-order.ts';
import {InFlight} from '../runs/in-flight.ts';
import {IN_FLIGHT_POLL, IN_FLIGHT_TIMEOUT, PULSE} from '../timing.ts';
import type {Range} from './cover.ts';
import {readFrames} from './frames-drawn.ts';
import {shareFrames} from './share-frames.ts';
import {stopBefore} from './still-wanted.ts';
import {chunkPath, type FetchedChunk, type StoredSegments} from './stored-segments.ts';

/** Chunks that are fetched at the same time: enough to fill the line, few enough for the sockets and open files. */
const FETCHES = 32;

/** An event that names its chunk. */
export type ChunkOrder = PartialRender & {
  chunk: ChunkName & {run: number; segments: number[]; draw?: Range | undefined; ticket?: string | undefined};
};

/** A chunk, and whether it was stored before this run. */
export type FoundChunk = FetchedChunk & Described;

/** Chunks to request, of one content. */
interface Requested extends Pick<RunOrder, 'order' | 'every' | 'inFlight'> {
  orders: readonly ChunkOrder[];
  /** The stored segments of the content. */
  stored: StoredSegments;
}

/** Requests chunks from the engine, as far as their segments are not stored, and fetches each. Rejects as `dispatch` does. */
export async function requestChunks(
  {orders, stored, order: {jobId}, every, inFlight}: Requested,
  {engine, storage}: JobPorts,
  {concurrency, attempts, doubling = engine.traits.isolated}: JobPolicy,
  {directory, signal, emit}: RunContext,
): Promise<Dispatched<FoundChunk>> {
  const orderOf = new Map(orders.map((order) => [order.workerId, order]));
  const chunkOf = (workerId: number) => (orderOf.get(workerId) as ChunkOrder).chunk;
  const awaited = new Set(inFlight);
  const limit = pLimit(FETCHES);

  /**
   * Fetches a chunk, if nothing of it is missing.
   *
   * @param unreported whether no engine has reported the usage of the chunk's worker
   */
  const fetch = async (workerId: number, {unreported = false} = {}): Promise<FoundChunk | undefined> => {
    const {uses, missing} = stored.cover(chunkOf(workerId));
    if (missing) return undefined;
    const path = chunkPath(directory, chunkOf(workerId), randomUUID());
    const file = await limit(() => stored.fetch(uses, path));
    // Another job has paid for its own chunk.
    const isOurs = unreported && file.drawnBy.jobId === jobId;
    return {...file, ...(isOurs && {used: file.drawnBy.used})};
  };
  /** The same without the packs that turn out to be wrong: each is forgotten, so this ends. */
  const fetchStored = async (workerId: number, unreported: boolean): Promise<FoundChunk | undefined> => {
    for (;;) {
      try {
        return await fetch(workerId, {unreported});
      } catch (error) {
        if (!(error instanceof RenderError) || error.name !== 'ChunkMismatch') throw error;
        // Others may be gone with it.
        await stored.refresh();
      }
    }
  };
  /** Waits for a chunk that a worker of the run before still renders; not longer than it may take. */
  const waitFor = async (workerId: number) => {
    const failure = failureKey(jobId, chunkOf(workerId));
    const until = performance.now() + IN_FLIGHT_TIMEOUT;
    for (;;) {
      const [failed] = await Promise.all([readRecord(failure, {storage, signal}), stored.refresh()]);
      if (!stored.cover(chunkOf(workerId)).missing || performance.now() > until) return;
      if (failed) throw fromPayload(failed as StoredRecord & ErrorPayload);
      await pause(IN_FLIGHT_POLL, signal);
    }
  };

  const stop = async ({chunk: {run, ticket}}: ChunkOrder, end: number) => {
    if (ticket) await stopBefore(end, {jobId, run, ticket}, {storage, signal});
  };

  const running = new InFlight();
  /** How many frames of its chunk each worker has drawn, and when it said so. */
  const pulse = new Map<number, {frames: number; at: number}>();
  const onEvent = (event: JobEvent) => {
    running.observe(event);
    if (event.state === 'drawing') pulse.set(event.workerId, {frames: event.frames, at: performance.now()});
    if (event.state === 'retrying') pulse.delete(event.workerId);
    emit(event);
  };
  const over = new AbortController();
  const reading =
    every.frames &&
    readFrames(
      {jobId, every: every.frames, storage, signal: AbortSignal.any([signal, over.signal])},
      {
        running: () => new Map(running.chunks.map((index) => [index, chunkOf(index)])),
        onFrames: (workerId, frames) => onEvent({state: 'drawing', workerId, frames}),
      },
    );
  try {
    return await dispatch<FoundChunk>(orders, {
      engine,
      concurrency,
      attempts,
      doubling,
      signal,
      describe: ({bytes, used}) => ({bytes, ...(used && {used})}),
      onEvent,
      async find({workerId}, attempt) {
        const isAwaited = awaited.delete(workerId);
        if (isAwaited) await waitFor(workerId);
        else if (attempt > 1) await stored.refresh();
        const chunk = await fetchStored(workerId, isAwaited || attempt > 1);
        if (chunk) return {chunk};
        const order = orderOf.get(workerId) as ChunkOrder;
        return {order: withRange(order, stored.cover(order.chunk).missing)};
      },
      async take({workerId}, {packs, reused}) {
        for (const pack of packs) stored.add(pack);
        if (reused) await stored.refresh();
        return fetch(workerId);
      },
      async share(late, again) {
        const {chunk} = late as ChunkOrder;
        await stored.refresh();
        const {missing} = stored.cover(chunkOf(late.workerId));
        const {frames = 0, at = -Infinity} = pulse.get(late.workerId) ?? {};
        const isAlive = performance.now() - at < PULSE + 2 * (every.frames ?? 0);
        const shared = missing && shareFrames(chunk, {missing, drawn: isAlive ? frames : undefined});
        if (!shared) return undefined;
        const {until, helper} = shared;
        if (again && isAlive && until === undefined) return 'later';
        if (until !== undefined) await stop(late as ChunkOrder, until);
        return withRange({...late, chunk: {...chunk, tellEvery: undefined}} as ChunkOrder, helper);
      },
      async release(order) {
        const {start, draw} = (order as ChunkOrder).chunk;
        await stop(order as ChunkOrder, draw?.start ?? start);
      },
    });
  } finally {
    over.abort();
    await reading;
  }
}

/** The order for some frames of its chunk. */
function withRange(order: ChunkOrder, range: Range | undefined): ChunkOrder {
  const {draw: _, ...chunk} = order.chunk;
  const isWhole = !range || (range.start === chunk.start && range.end === chunk.end);
  const draw = isWhole ? undefined : {start: range.start, end: range.end};
  return {...order, chunk: {...chunk, ...(draw && {draw}), ticket: randomUUID().slice(0, 8)}};
}
