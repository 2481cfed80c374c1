import {mkdtemp, stat} from 'node:fs/promises';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import type {ChunkRequest} from '../../src/renderer.ts';
import {revideoRenderer} from '../../src/revideo/renderer.ts';

/** A chunk as it was drawn in `laps.ts`. */
export interface DrawnChunk {
  path: string;
  bytes: number;
  /** By the wall clock. */
  seconds: number;
  hashes?: string[];
}

/**
 * Chunks one after the other in one process, as a worker on Lambda draws them: from a compiled project. After each
 * it prints `lap`, and waits until the benchmark has looked at the clock.
 */
const [cache = '', bundle = '', work = '', chunks = '[]'] = process.argv.slice(2);
const renderer = revideoRenderer({project: '', bundle, cache});
const {signal} = new AbortController();
const drawn: DrawnChunk[] = [];
try {
  for (const chunk of JSON.parse(chunks) as ChunkRequest[]) {
    const began = performance.now();
    const directory = await mkdtemp(join(work, 'chunk-'));
    const {path, hashes} = await renderer.renderChunk(chunk, {directory, signal});
    const seconds = (performance.now() - began) / 1000;
    console.log('lap');
    drawn.push({path, bytes: (await stat(path)).size, seconds, ...(hashes && {hashes})});
    await sleep(30);
  }
  console.log(JSON.stringify(drawn));
} finally {
  await renderer.close();
}
