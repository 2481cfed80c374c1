import {RenderError} from '../../base/errors.ts';
import {wrongBorders} from '../../media/seams/seams.ts';
import {contentHash} from '../../model/keys.ts';
import type {Chunk} from '../../model/plan.ts';
import {ENCODINGS} from '../../model/quality.ts';
import type {Dispatched} from '../dispatch/dispatch.ts';
import type {JobPolicy} from '../policy.ts';
import type {JobPorts} from '../ports.ts';
import type {RunContext, RunOrder} from '../run-order.ts';
import {findChangedMedia} from './changed-media.ts';
import {type ChunkOrder, type FoundChunk, requestChunks} from './request-chunks.ts';
import {StoredSegments} from './stored-segments.ts';

/** All chunks of a film, and whether media were replaced while they were rendered. */
export interface ObtainedChunks extends Dispatched<FoundChunk> {
  mediaChanged: boolean;
}

/**
 * Renders every segment that is not stored yet and fetches each chunk as soon as it is stored. Then checks that each begins and ends
 * with the picture that was rendered, and that all show the same media. A chunk that fails the check is rendered once more.
 *
 * Rejects as `dispatch` does, with `ChunkMismatch` for a chunk that fails twice, or with `MediaFailed` for media that are
 * replaced again and again.
 */
export async function obtainChunks(
  film: RunOrder & {chunks: readonly Chunk[]},
  ports: JobPorts,
  policy: JobPolicy,
  context: RunContext,
): Promise<ObtainedChunks> {
  const {signal} = context;
  const {storage} = ports;
  const orders = chunkOrders(film);
  const stored = new StoredSegments(orders[0]?.chunk.content ?? '', {storage, signal});
  await stored.open();
  const first = await requestChunks({...film, orders, stored}, ports, policy, context);
  const wrong = await findWrong(first.chunks, {signal});
  if (!wrong) return {...first, mediaChanged: false};

  const anew = wrong.chunks.map((index) => orders[index] as ChunkOrder);
  await stored.discard(anew.map(({chunk}) => chunk));
  const second = await requestChunks({...film, orders: anew, stored, inFlight: []}, ports, policy, context);
  const all = [...first.chunks];
  wrong.chunks.forEach((index, which) => {
    all[index] = second.chunks[which] as FoundChunk;
  });
  const still = await findWrong(all, {signal});
  if (still) throw still.error;
  const rendered = all.filter(({found}) => !found).length;
  const counts = {
    rendered,
    reused: all.length - rendered,
    retried: first.counts.retried + second.counts.retried + anew.length,
    doubled: first.counts.doubled + second.counts.doubled,
  };
  return {chunks: all, counts, mediaChanged: wrong.mediaChanged};
}

/** The events of a film's workers. */
function chunkOrders({
  order,
  chunks,
  variables,
  carried,
  fingerprint,
  run,
  every,
}: RunOrder & {chunks: readonly Chunk[]}): ChunkOrder[] {
  const {jobId, quality, frameHashes} = order;
  const content = contentHash({fingerprint, variables, encoding: ENCODINGS[quality], frameHashes});
  return chunks.map(({index, start, end, segments}) => ({
    jobType: 'partialRender',
    jobId,
    workerId: index,
    numWorkers: chunks.length,
    ...carried,
    frameHashes,
    quality,
    attempt: 1,
    chunk: {
      start,
      end,
      segments,
      content,
      run: run.root,
      tellEvery: every.frames,
      storeEvery: every.store,
    },
  }));
}

/** Which chunks must be rendered again, and the error if that happened already. */
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
        `${changed} was replaced by another file while the film was drawn, or only some chunks could read it. It happened again when it was drawn once more.`,
      )
    : new RenderError(
        'ChunkMismatch',
        `Chunk ${(borders[0] ?? 0) + 1} of ${chunks.length} does not begin and end with the picture that was drawn, though it was drawn twice.`,
      );
  return {chunks: wrong, mediaChanged: Boolean(changed), error};
}
