import pLimit from 'p-limit';
import {type ErrorPayload, fromPayload, RenderError} from '../base/errors.ts';
import {pause} from '../base/pause.ts';
import {persist} from '../base/persist.ts';
import {wrongBorders} from '../media/seams/seams.ts';
import type {FullRender, PartialRender} from '../model/event.ts';
import type {Described} from '../model/job-events.ts';
import {type ChunkName, contentHash, failureKey} from '../model/keys.ts';
import type {Chunk} from '../model/plan.ts';
import {ENCODINGS} from '../model/quality.ts';
import type {ChunkFile} from '../model/timeline.ts';
import {readRecord, type StoredRecord} from '../storage/record.ts';
import {findChangedMedia} from './chunks/changed-media.ts';
import {type ChunkRecord, discardChunk, fetchChunk, findChunk, listChunks} from './chunks/chunk-store.ts';
import {hearFrames} from './chunks/frames-drawn.ts';
import {type Dispatched, dispatch} from './dispatch/dispatch.ts';
import type {JobTools} from './job-tools.ts';
import type {Run} from './runs/run.ts';

/** Chunks that are fetched at the same time: enough to fill the line, few enough for the sockets and open files. */
const FETCHES = 32;
/** Milliseconds between two looks at a chunk that a worker of an earlier run still draws. */
const LOOK = 1_000;
/** Milliseconds after which such a chunk is begun anew. */
const PATIENCE = 60_000;

/** A job that is ours to render. */
export interface Job extends FullRender {
  jobId: string;
  /** The fields of an event that carry the variables. */
  carried: Pick<PartialRender, 'variables' | 'variablesStored'>;
  fingerprint: string;
  /** Indices of chunks that workers of the run before still draw. */
  inFlight: readonly number[];
  /** Milliseconds between two words of a worker of how many frames it has drawn; undefined where it need not say so. */
  tellEvery: number | undefined;
  /** Kept up to date: indices of chunks that workers draw right now. */
  drawing: Set<number>;
  run: Run;
}

/** The chunks of one job, and where their files are put. */
export interface JobChunks extends Job {
  chunks: readonly Chunk[];
  directory: string;
  signal: AbortSignal;
}

/** All chunks of a film, and whether media were replaced while they were drawn. */
export interface ObtainedChunks extends Dispatched<ChunkFile> {
  mediaChanged: boolean;
}

/**
 * Has every chunk drawn that is not there already, fetches each as soon as it is there, and sees that each begins and
 * ends with the picture that was drawn, and that all show the same media. What does not is drawn once more.
 *
 * Rejects as `dispatch` does, with `ChunkMismatch` for a chunk that is wrong twice, or with `MediaFailed` for media that
 * are replaced again and again.
 */
export async function obtainChunks(job: JobChunks, tools: JobTools): Promise<ObtainedChunks> {
  const {jobId, chunks, variables, fingerprint, quality, frameHashes, carried, run, signal, tellEvery} = job;
  const content = contentHash({fingerprint, variables, encoding: ENCODINGS[quality], frameHashes});
  const orders = chunks.map(
    ({index, start, end}): ChunkOrder => ({
      ...{jobType: 'partialRender', jobId, workerId: index, numWorkers: chunks.length},
      ...{...carried, frameHashes, quality, attempt: 1},
      chunk: {start, end, content, run: run.claim.root, tellEvery},
    }),
  );
  const first = await renderChunks(orders, job, tools);
  const wrong = await findWrong(first.chunks, {signal});
  if (!wrong) return {...first, mediaChanged: false};

  const anew = wrong.chunks.map((index) => orders[index] as ChunkOrder);
  for (const {chunk} of anew) await persist(() => discardChunk(chunk, tools.storage), {signal});
  const second = await renderChunks(anew, {...job, inFlight: []}, tools);
  const all = [...first.chunks];
  wrong.chunks.forEach((index, which) => {
    all[index] = second.chunks[which] as FoundChunk;
  });
  const still = await findWrong(all, {signal});
  if (still) throw still.error;
  const counts = {...first.counts};
  counts.rendered = all.filter(({found}) => !found).length;
  counts.reused = all.length - counts.rendered;
  counts.retried += second.counts.retried + anew.length;
  counts.doubled += second.counts.doubled;
  return {chunks: all, counts, mediaChanged: wrong.mediaChanged};
}

/** Which chunks have to be drawn anew, and what to say if that has been done already. */
async function findWrong(
  chunks: readonly FoundChunk[],
  {signal}: {signal: AbortSignal},
): Promise<{chunks: number[]; mediaChanged: boolean; error: RenderError} | undefined> {
  const borders = await wrongBorders(chunks, {signal});
  const media = findChangedMedia(chunks);
  const wrong = [...new Set([...borders, ...media.chunks])];
  if (wrong.length === 0) return undefined;
  const [changed] = media.names;
  const error = changed
    ? new RenderError(
        'MediaFailed',
        `${changed} was replaced by another file while the film was drawn, or only some chunks could read it; and again when it was drawn anew.`,
      )
    : new RenderError(
        'ChunkMismatch',
        `Chunk ${(borders[0] ?? 0) + 1} of ${chunks.length} does not begin and end with the picture that was drawn, though it was drawn twice.`,
      );
  return {chunks: wrong, mediaChanged: Boolean(changed), error};
}

/** A chunk, and whether it was there before this run. */
type FoundChunk = ChunkFile & Described & {found: boolean};

/** An event that names its chunk. */
type ChunkOrder = PartialRender & {chunk: ChunkName & {run: number}};

async function renderChunks(
  orders: readonly ChunkOrder[],
  {jobId, inFlight, drawing, tellEvery, run, directory, signal}: JobChunks,
  {engine, storage, concurrency, attempts, doubling, onEvent = () => {}}: JobTools,
): Promise<Dispatched<FoundChunk>> {
  const content = orders[0]?.chunk.content ?? '';
  const isListed = await persist(() => listChunks(content, storage), {signal});
  const nameOf = new Map(orders.map(({workerId, chunk}) => [workerId, chunk]));
  const awaited = new Set(inFlight);
  const limit = pLimit(FETCHES);
  const fetch = async (
    record: ChunkRecord,
    {found, unheard = false}: {found: boolean; unheard?: boolean},
  ): Promise<FoundChunk> => ({
    ...(await limit(() => fetchChunk(record, {directory, storage, signal}))),
    ...{found, bytes: record.bytes},
    // Of another job's chunk, the other job has paid.
    ...(unheard && record.jobId === jobId && {invocation: record.invocation}),
  });
  const look = (workerId: number) =>
    limit(() => findChunk(nameOf.get(workerId) as ChunkName, {storage, signal}));
  /** A chunk that a worker of the run before still draws; undefined if that takes too long. */
  const waitFor = async (workerId: number) => {
    const failure = failureKey(jobId, nameOf.get(workerId) as ChunkOrder['chunk']);
    const until = performance.now() + PATIENCE;
    for (;;) {
      const [record, failed] = await Promise.all([look(workerId), readRecord(failure, {storage, signal})]);
      if (record || performance.now() > until) return record;
      if (failed) throw fromPayload(failed as StoredRecord & ErrorPayload);
      await pause(LOOK, signal);
    }
  };
  const over = new AbortController();
  const until = AbortSignal.any([signal, over.signal]);
  const nowDrawing = () =>
    new Map([...drawing].map((index) => [index, nameOf.get(index) as ChunkOrder['chunk']]));
  const listening =
    tellEvery === undefined
      ? undefined
      : hearFrames(
          {jobId, every: tellEvery, storage, signal: until},
          {
            drawing: nowDrawing,
            onFrames: (workerId, frames) => onEvent({state: 'drawing', workerId, frames}),
          },
        );
  const dispatched = dispatch<FoundChunk>(orders, {
    ...{engine, concurrency, attempts, signal, doubling: doubling ?? engine.elsewhere},
    describe: ({bytes, invocation}) => ({bytes, ...(invocation && {invocation})}),
    onEvent(event) {
      if (event.state === 'started') drawing.add(event.workerId);
      if (event.state === 'done' || event.state === 'retrying' || event.state === 'refused')
        drawing.delete(event.workerId);
      if (event.state === 'refused' || event.state === 'done')
        run.starved = event.state === 'refused' && drawing.size === 0;
      onEvent(event);
    },
    async find({workerId, chunk}, attempt) {
      if (awaited.delete(workerId)) {
        const record = await waitFor(workerId);
        return record && fetch(record, {found: true, unheard: true});
      }
      if (attempt === 1 && !isListed(chunk as ChunkName)) return undefined;
      const record = await look(workerId);
      return record && fetch(record, {found: attempt === 1, unheard: attempt > 1});
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
  return dispatched.finally(async () => {
    over.abort();
    await listening;
  });
}
