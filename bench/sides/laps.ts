import {mkdtemp, stat} from 'node:fs/promises';
import {join} from 'node:path';
import type {SegmentOrder} from '../../src/renderers/renderer.ts';
import {revideoRenderer} from '../../src/renderers/revideo/renderer.ts';
import {drawChunk} from '../../test/support/draw-chunk.ts';
import {lap} from './lap.ts';

/** A chunk as it was drawn in `laps.ts`. */
export interface DrawnChunk {
  path: string;
  bytes: number;
  /** By the wall clock. */
  seconds: number;
  hashes?: string[];
}

/**
 * Chunks one after the other in one process, as a worker on Lambda draws them: from a compiled project. A lap each.
 */
const [cache = '', bundle = '', work = '', chunks = '[]'] = process.argv.slice(2);
const renderer = revideoRenderer({project: '', bundle, cache});
const {signal} = new AbortController();
const drawn: DrawnChunk[] = [];
try {
  for (const chunk of JSON.parse(chunks) as SegmentOrder[]) {
    const {result, seconds} = await lap(async () => {
      const directory = await mkdtemp(join(work, 'chunk-'));
      return drawChunk(renderer, chunk, {directory, signal});
    });
    const {path, hashes} = result;
    drawn.push({path, bytes: (await stat(path)).size, seconds, ...(hashes && {hashes})});
  }
  console.log(JSON.stringify(drawn));
} finally {
  await renderer.close();
}
