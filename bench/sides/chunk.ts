import {mkdtemp} from 'node:fs/promises';
import {join} from 'node:path';
import {revideoRenderer} from '../../src/renderers/revideo/renderer.ts';
import {drawChunk} from '../../test/support/draw-chunk.ts';

/** Chunks one after the other in one process, as a worker draws them: `start-end` each. */
const [cache = '', project = '', work = '', ...ranges] = process.argv.slice(2);
const renderer = revideoRenderer({project, cache});
const {signal} = new AbortController();
const seconds: number[] = [];
try {
  for (const range of ranges) {
    const [start = 0, end = 0] = range.split('-').map(Number);
    const began = performance.now();
    const directory = await mkdtemp(join(work, 'chunk-'));
    await drawChunk(renderer, {start, end, variables: {}}, {directory, signal});
    seconds.push((performance.now() - began) / 1000);
  }
  console.log(JSON.stringify({seconds}));
} finally {
  await renderer.close();
}
