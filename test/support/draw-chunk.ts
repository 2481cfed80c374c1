import {createReadStream, createWriteStream} from 'node:fs';
import {rm} from 'node:fs/promises';
import {join} from 'node:path';
import {pipeline} from 'node:stream/promises';
import {type ChunkFile, joinFacts, type SegmentFile} from '../../src/model/segment-file.ts';
import type {Renderer, SegmentOrder} from '../../src/renderers/renderer.ts';

/** Draws segments, and puts them into one file, as the orchestrator does. */
export async function drawChunk(
  renderer: Pick<Renderer, 'render'>,
  order: SegmentOrder,
  options: Parameters<Renderer['render']>[1],
): Promise<ChunkFile> {
  const segments: SegmentFile[] = [];
  const path = join(options.directory, `whole-${order.start}-${order.end}.h264`);
  await rm(path, {force: true});
  for await (const segment of renderer.render(order, options)) {
    await pipeline(createReadStream(segment.path), createWriteStream(path, {flags: 'a'}));
    segments.push(segment);
  }
  return {...joinFacts(segments), path};
}
