import {mkdtemp} from 'node:fs/promises';
import {join} from 'node:path';
import {ENCODINGS, type Quality} from '../src/model/quality.ts';
import type {SegmentOrder} from '../src/renderers/renderer.ts';
import {compiled} from './compiled.ts';
import {type Bench, sideProgram} from './films.ts';
import {describedMachine, type Machine} from './machine.ts';
import {measure} from './measure.ts';
import {median} from './median.ts';
import type {DrawnChunk} from './sides/laps.ts';
import {table} from './table.ts';

/** The cost of cutting a chunk into segments of one length. */
export interface SegmentRow {
  scene: string;
  quality: Quality;
  /** The length of each segment. */
  frames: number;
  /** CPU seconds a frame: drawing and encoding. */
  cpu: number;
  mbits: number;
}

/** The lengths of segments in results.json. */
export interface SegmentResults {
  machine: Machine;
  runs: number;
  rows: SegmentRow[];
}

const SCENES = ['clip', 'shapes'];
const MEASURED: Quality[] = ['cheapest', 'balanced'];
/** The chunk of 4 s, and the segments of 0.25 s to all of it. */
const FRAMES = 120;
const LENGTHS = [8, 15, 30, 60, 120];
/** Both scenes'. */
const FPS = 30;

/** Draws the same chunk in segments of different lengths, in turns and in one process. */
export async function measureSegments(bench: Bench): Promise<SegmentRow[]> {
  const rows: SegmentRow[] = [];
  for (const scene of SCENES) {
    const cases = MEASURED.flatMap((quality) => LENGTHS.map((frames) => ({quality, frames})));
    const draw = ({quality, frames}: (typeof cases)[0]): SegmentOrder => ({
      start: 0,
      end: FRAMES,
      segments: Array.from({length: FRAMES / frames}, () => frames),
      variables: {},
      encoding: ENCODINGS[quality],
    });
    const warm: SegmentOrder = {start: 0, end: 1, variables: {}};
    const rounds = Array.from({length: bench.runs}, () => cases.map(draw)).flat();
    const directory = await mkdtemp(join(bench.work, 'segments-'));
    const args = [bench.cache, await compiled(scene, bench), directory, JSON.stringify([warm, ...rounds])];
    const {output, laps} = await measure<DrawnChunk[]>(sideProgram('laps'), args, bench);
    for (const [index, one] of cases.entries()) {
      const runs = Array.from({length: bench.runs}, (_, run) => 1 + run * cases.length + index);
      const [bytes, ...others] = runs.map((run) => output[run]?.bytes ?? 0);
      if (bytes === undefined || others.some((other) => other !== bytes))
        throw new Error(`${scene}, ${one.quality}: the same segments were ${[bytes, ...others]} bytes.`);
      const cpu = median(runs.map((run) => laps[run] ?? 0)) / FRAMES;
      rows.push({scene, ...one, cpu, mbits: (bytes * 8 * FPS) / FRAMES / 1e6});
      bench.say(`${scene}, ${one.quality}, segments of ${one.frames}: ${cpu.toFixed(3)} CPU-s a frame`);
    }
  }
  return rows;
}

/** The lengths' figures as Markdown. */
export function segmentReport({machine, runs, rows}: SegmentResults): string {
  const figures = rows.map(({scene, quality, frames, cpu, mbits}) => [
    scene,
    quality,
    (frames / FPS).toFixed(2),
    (cpu * 1000).toFixed(0),
    mbits.toFixed(2),
  ]);
  return [
    `${describedMachine(machine)} ${runs === 1 ? 'One run each.' : `CPU: medians of ${runs} runs.`}`,
    table(['scene', 'quality', 'seconds a segment', 'CPU-ms a frame', 'Mbit/s'], figures),
  ].join('\n\n');
}
