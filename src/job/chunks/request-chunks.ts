import pLimit from 'p-limit';
import {type ErrorPayload, fromPayload, RenderError} from '../../base/errors.ts';
import {pause} from '../../base/pause.ts';
import type {PartialRender} from '../../model/event.ts';
import type {Described, JobEvent} from '../../model/job-events.ts';
import {type ChunkName, failureKey} from '../../model/keys.ts';
import type {ChunkFile} from '../../model/timeline.ts';
import {readRecord, type StoredRecord} from '../../storage/record.ts';
import {type Dispatched, dispatch} from '../dispatch/dispatch.ts';
import type {JobPolicy} from '../policy.ts';
import type {JobPorts} from '../ports.ts';
import type {RunContext, RunOrder} from '../run-order.ts';
import {InFlight} from '../runs/in-flight.ts';
import {IN_FLIGHT_POLL, IN_FLIGHT_TIMEOUT} from '../timing.ts';
import {type ChunkRecord, fetchChunk, findChunk, listChunks} from './chunk-store.ts';
import {readFrames} from './frames-drawn.ts';

/** Chunks that are fetched at the same time: enough to fill the line, few enough for the sockets and open files. */
const FETCHES = 32;

/** An event that names its chunk. */
export type ChunkOrder = PartialRender & {chunk: ChunkName & {run: number}};

/** A chunk, and whether it was stored before this run. */
export type FoundChunk = ChunkFile & Described & {found: boolean};

/** Chunks to request, of one content. */
interface Requested extends Pick<RunOrder, 'order' | 'framesEvery' | 'inFlight'> {
  orders: readonly ChunkOrder[];
}

/** Requests chunks from the engine, unless they are stored, and fetches each. Rejects as `dispatch` does. */
export async function requestChunks(
  {orders, order: {jobId}, framesEvery, inFlight}: Requested,
  {engine, storage}: JobPorts,
  {concurrency, attempts, doubling = engine.traits.isolated}: JobPolicy,
  {directory, signal, emit}: RunContext,
): Promise<Dispatched<FoundChunk>> {
  const content = orders[0]?.chunk.content ?? '';
  const isListed = await listChunks(content, {storage, signal});
  const nameOf = new Map(orders.map(({workerId, chunk}) => [workerId, chunk]));
  const awaited = new Set(inFlight);
  const limit = pLimit(FETCHES);

  /** @param unreported whether no engine has reported the bill of the chunk's invocation */
  const fetch = async (
    record: ChunkRecord,
    {found, unreported = false}: {found: boolean; unreported?: boolean},
  ): Promise<FoundChunk> => {
    const file = await limit(() => fetchChunk(record, {directory, storage, signal}));
    // Another job has paid for its own chunk.
    const isOurs = unreported && record.jobId === jobId;
    return {...file, found, bytes: record.bytes, ...(isOurs && {used: record.used})};
  };
  const look = (workerId: number) =>
    limit(() => findChunk(nameOf.get(workerId) as ChunkName, {storage, signal}));
  /** A chunk that a worker of the run before still renders; undefined if that takes too long. */
  const waitFor = async (workerId: number) => {
    const failure = failureKey(jobId, nameOf.get(workerId) as ChunkOrder['chunk']);
    const until = performance.now() + IN_FLIGHT_TIMEOUT;
    for (;;) {
      const [record, failed] = await Promise.all([look(workerId), readRecord(failure, {storage, signal})]);
      if (record || performance.now() > until) return record;
      if (failed) throw fromPayload(failed as StoredRecord & ErrorPayload);
      await pause(IN_FLIGHT_POLL, signal);
    }
  };

  const running = new InFlight();
  const onEvent = (event: JobEvent) => {
    running.observe(event);
    emit(event);
  };
  const over = new AbortController();
  const reading =
    framesEvery &&
    readFrames(
      {jobId, every: framesEvery, storage, signal: AbortSignal.any([signal, over.signal])},
      {
        running: () =>
          new Map(running.chunks.map((index) => [index, nameOf.get(index) as ChunkOrder['chunk']])),
        onFrames: (workerId, frames) => emit({state: 'drawing', workerId, frames}),
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
      async find({workerId, chunk}, attempt) {
        if (awaited.delete(workerId)) {
          const record = await waitFor(workerId);
          return record && fetch(record, {found: true, unreported: true});
        }
        if (attempt === 1 && !isListed(chunk as ChunkName)) return undefined;
        const record = await look(workerId);
        return record && fetch(record, {found: attempt === 1, unreported: attempt > 1});
      },
      async take({workerId, start, end, reused}) {
        const record = await look(workerId);
        if (record) return fetch(record, {found: reused});
        throw new RenderError(
          'ChunkMismatch',
          `A worker says that it has drawn frames ${start} to ${end - 1}, but they are not in ${storage.bucket}.`,
        );
      },
    });
  } finally {
    over.abort();
    await reading;
  }
}
