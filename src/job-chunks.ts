import pLimit from 'p-limit';
import {type ChunkRecord, discardChunk, fetchChunk, findChunk, listChunks} from './chunk-store.ts';
import {type Dispatched, dispatch} from './dispatch.ts';
import {type ErrorPayload, fromPayload, RenderError} from './errors.ts';
import type {FullRender, PartialRender} from './event.ts';
import {type ChunkName, contentHash, runKey} from './keys.ts';
import {pause} from './pause.ts';
import type {Chunk} from './plan.ts';
import {ENCODERS} from './quality.ts';
import type {JobTools} from './render-job.ts';
import type {ChunkFile} from './renderer.ts';
import type {Run} from './run.ts';
import {wrongBorders} from './seams.ts';
import {readJson} from './storage/json.ts';

/** Chunks that are fetched at the same time: enough to fill the line, few enough for the sockets and open files. */
const FETCHES = 32;
/** Milliseconds between two looks at a chunk that a worker of an earlier run still draws. */
const LOOK = 1_000;
/** Milliseconds after which such a chunk is begun anew. */
const PATIENCE = 60_000;

/** The chunks of one job, and where their files are put. */
export interface JobChunks extends FullRender {
  jobId: string;
  chunks: readonly Chunk[];
  carried: Pick<PartialRender, 'variables' | 'variablesStored'>;
  fingerprint: string;
  /** Indices of chunks that workers of the run before still draw. */
  inFlight: readonly number[];
  /** Kept up to date: indices of chunks that workers draw right now. */
  drawing: Set<number>;
  run: Run;
  directory: string;
  signal: AbortSignal;
}

/**
 * Has every chunk drawn that is not there already, fetches each as soon as it is there, and sees that each begins and
 * ends with the picture that was drawn. One that does not is drawn once more.
 *
 * Rejects as `dispatch` does, or with `ChunkMismatch` for a chunk that is wrong twice.
 */
export async function obtainChunks(job: JobChunks, tools: JobTools): Promise<Dispatched<ChunkFile>> {
  const {jobId, chunks, variables, fingerprint, quality, frameHashes, carried, run} = job;
  const content = contentHash({fingerprint, variables, encoder: ENCODERS[quality], frameHashes});
  const events = chunks.map(
    ({index, start, end}): ChunkOrder => ({
      ...{jobType: 'partialRender', jobId, workerId: index, numWorkers: chunks.length},
      ...{...carried, frameHashes, quality, attempt: 1},
      chunk: {start, end, content, run: run.claim.root},
    }),
  );
  const {signal} = job;
  const first = await renderChunks(events, job, tools);
  const wrong = await wrongBorders(first.chunks, {signal});
  if (wrong.length === 0) return first;

  const again = wrong.map((index) => events[index] as ChunkOrder);
  for (const {chunk} of again) await discardChunk(chunk, tools.storage);
  const second = await renderChunks(again, {...job, inFlight: []}, tools);
  const [still] = await wrongBorders(second.chunks, {signal});
  if (still !== undefined) {
    const {start, end} = (again[still] as ChunkOrder).chunk;
    throw new RenderError(
      'ChunkMismatch',
      `Frames ${start} to ${end - 1} do not begin and end with the picture that was drawn, though they were drawn twice.`,
    );
  }
  const all = first.chunks.with(0, first.chunks[0] as ChunkFile);
  wrong.forEach((index, which) => {
    all[index] = second.chunks[which] as ChunkFile;
  });
  const counts = {...first.counts};
  counts.retried += second.counts.retried + wrong.length;
  counts.doubled += second.counts.doubled;
  return {chunks: all, counts};
}

/** An event that names its chunk. */
type ChunkOrder = PartialRender & {chunk: ChunkName & {run: number}};

async function renderChunks(
  orders: readonly ChunkOrder[],
  {jobId, inFlight, drawing, directory, signal}: JobChunks,
  {engine, storage, concurrency, attempts, doubling, onEvent = () => {}}: JobTools,
): Promise<Dispatched<ChunkFile>> {
  const isListed = await listChunks(orders[0]?.chunk.content ?? '', storage);
  const nameOf = new Map(orders.map(({workerId, chunk}) => [workerId, chunk]));
  const awaited = new Set(inFlight);
  const limit = pLimit(FETCHES);
  const fetch = (record: ChunkRecord) => limit(() => fetchChunk(record, {directory, storage, signal}));
  const look = (workerId: number) =>
    limit(() => findChunk(nameOf.get(workerId) as ChunkName, {storage, signal}));
  /** A chunk that a worker of the run before still draws; undefined if that takes too long. */
  const waitFor = async (workerId: number) => {
    const {start, end, run} = nameOf.get(workerId) as ChunkOrder['chunk'];
    const failure = runKey(jobId, run, `failed-${start}-${end}`);
    const until = performance.now() + PATIENCE;
    for (;;) {
      const [record, failed] = await Promise.all([look(workerId), readJson(failure, {storage, signal})]);
      if (failed) throw fromPayload(failed as ErrorPayload);
      if (record || performance.now() > until) return record;
      await pause(LOOK, signal);
    }
  };
  return dispatch<ChunkFile>(orders, {
    ...{engine, concurrency, attempts, signal, doubling: doubling ?? engine.elsewhere},
    onEvent(event) {
      if (event.state === 'started') drawing.add(event.workerId);
      if (event.state === 'done' || event.state === 'retrying') drawing.delete(event.workerId);
      onEvent(event);
    },
    async find({workerId, chunk}, attempt) {
      if (awaited.delete(workerId)) {
        const record = await waitFor(workerId);
        return record && fetch(record);
      }
      if (attempt === 1 && !isListed(chunk as ChunkName)) return undefined;
      const record = await look(workerId);
      return record && fetch(record);
    },
    async take({workerId, start, end}) {
      const record = await look(workerId);
      if (record) return fetch(record);
      throw new RenderError(
        'ChunkMismatch',
        `A worker says that it has drawn frames ${start} to ${end - 1}, but they are not in ${storage.bucket}.`,
      );
    },
  });
}
