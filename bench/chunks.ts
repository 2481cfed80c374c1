import {mkdtemp} from 'node:fs/promises';
import {join} from 'node:path';
import {type Bench, sideProgram} from './films.ts';
import {measure} from './measure.ts';
import {median, medianRun} from './median.ts';

/** The cost of one chunk, apart from its frames. */
export interface ChunkFacts {
  /** A process with one chunk of one frame, from nothing to nothing. */
  cold: {cpu: number; wall: number};
  /** A chunk of one frame more in a process that has drawn one. */
  warm: {cpu: number; wall: number};
  /** 60 frames of a film of ten minutes, each in a warm process. */
  long: {first: {cpu: number; wall: number}; last: {cpu: number; wall: number}};
  /** The most memory of a worker's tree while it draws 60 frames, in MB. */
  memoryMb: {'1080p': number; '2160p': number};
}

/** Warm chunks that are measured together: one alone is no more than ten ticks of the clock. */
const WARM = 10;

export async function measureChunks(bench: Bench): Promise<ChunkFacts> {
  const frames: Record<string, number> = {};
  for (const scene of ['shapes', 'shapes-2160', 'long']) {
    const args = [bench.cache, join(bench.projects, scene), bench.work];
    frames[scene] = (await measure<{frames: number}>(sideProgram('build'), args, bench)).output.frames;
  }
  const draw = async (scene: string, ranges: string[]) => {
    const runs = [];
    for (let run = 0; run < bench.runs; run++) {
      const directory = await mkdtemp(join(bench.work, 'chunks-'));
      const args = [bench.cache, join(bench.projects, scene), directory, ...ranges];
      runs.push(await measure<{seconds: number[]}>(sideProgram('chunk'), args, bench));
    }
    bench.say(`${scene}, chunks ${ranges.slice(0, 2).join(' ')}${ranges.length > 2 ? ' …' : ''}`);
    return {...medianRun(runs), lastChunk: median(runs.map((run) => run.output.seconds.at(-1) ?? 0))};
  };

  const cold = await draw('shapes', ['150-151']);
  const warm = await draw(
    'shapes',
    Array.from({length: 1 + WARM}, () => '150-151'),
  );
  const end = frames.long ?? 0;
  const begun = await draw('long', ['0-1']);
  const first = await draw('long', ['0-1', '0-60']);
  const last = await draw('long', ['0-1', `${end - 60}-${end}`]);
  const small = await draw('shapes', ['0-60']);
  const large = await draw('shapes-2160', ['0-60']);
  return {
    cold: {cpu: cold.cpu, wall: cold.wall},
    warm: {cpu: (warm.cpu - cold.cpu) / WARM, wall: warm.lastChunk},
    long: {
      first: {cpu: first.cpu - begun.cpu, wall: first.lastChunk},
      last: {cpu: last.cpu - begun.cpu, wall: last.lastChunk},
    },
    memoryMb: {'1080p': small.memoryMb, '2160p': large.memoryMb},
  };
}
