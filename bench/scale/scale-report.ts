import {type Estimate, estimate} from '../../src/cost/estimate.ts';
import {ASSUMED_S3_MB_PER_SECOND} from '../../src/cost/lambda-limits.ts';
import {pricesOf} from '../../src/cost/prices.ts';
import {describedMachine, type Machine} from '../machine.ts';
import {table} from '../table.ts';
import type {FittedScene} from './measure-scale.ts';

/** The results in results.json. */
export interface ScaleResults {
  machine: Machine;
  runs: number;
  scenes: FittedScene[];
}

/** The range of the extrapolation. Both scenes have 30 frames a second. */
const FPS = 30;
const FILMS = [
  {name: '30 s', seconds: 30},
  {name: '10 min', seconds: 600},
  {name: '2 h', seconds: 7200},
];
/** Processes that want a core, on average over the minute before: more of them take cores from a chunk. */
const QUIET = 0.7;
const WORKERS = [1, 10, 100, 1000];
const MEMORY_MB = [2048, 4096, 8192];
const NAMES: Record<string, string> = {long: 'without media', clip: 'with a clip'};

/** Every film in every way. */
export const estimates = (scenes: readonly FittedScene[]) =>
  FILMS.flatMap(({name, seconds}) =>
    scenes.map(({scene, costs}) => ({
      film: name,
      scene,
      rows: WORKERS.flatMap((workers) =>
        MEMORY_MB.map((memoryMb) => ({
          workers,
          memoryMb,
          ...estimate(costs, {frames: seconds * FPS, fps: FPS, workers, memoryMb}),
        })),
      ),
    })),
  );

/** The fit and its consequences, as Markdown. */
export function scaleReport({machine, runs, scenes}: ScaleResults): string {
  const milliseconds = (seconds: number) => (seconds * 1000).toFixed(seconds < 0.001 ? 4 : 1);
  const fitted = scenes.map(({scene, costs: {chunk, bytesPerFrame, memoryMb}, chunks, check}) => [
    NAMES[scene] ?? scene,
    ...[chunk.cold, chunk.warm, chunk.perFrame, chunk.late, chunk.counting].map(milliseconds),
    chunk.cores.toFixed(2),
    ((bytesPerFrame * 8 * FPS) / 1e6).toFixed(1),
    memoryMb.toFixed(0),
    chunks.count,
    percent(chunks.medianError),
    percent(chunks.largestError),
    milliseconds(check.fitted),
    milliseconds(check.measured),
  ]);
  const own = scenes.flatMap(({scene, costs}) =>
    (['plan', 'sound', 'merge'] as const).map((task) => [
      NAMES[scene] ?? scene,
      task,
      milliseconds(costs[task].fixed),
      milliseconds(costs[task].perFrame),
      costs[task].cores.toFixed(2),
    ]),
  );
  return [
    `${describedMachine(machine)} Each chunk drawn ${runs === 1 ? 'once' : `${runs} times`}.${machine.loadBefore > QUIET ? ` The machine was busy: *cores used* are too few, and times on Lambda too long.` : ''}`,
    'Fitted to chunks of 1 to 120 frames of films of 30 s to 2 h, in CPU-ms (errors: of the chunks measured):',
    table(
      [
        'film',
        'cold',
        'warm',
        'a frame',
        'a frame before',
        'a frame of the film',
        `cores used of ${machine.cores}`,
        'Mbit/s',
        'peak MB',
        'chunks',
        'median error',
        'largest',
        'middle of 2 h: fitted',
        'measured',
      ],
      fitted,
    ),
    "The first invocation's own, fitted to films of 30 s, 2 and 10 min, in CPU-ms:",
    table(['film', 'task', 'fixed', 'a frame', 'cores used'], own),
    `On Lambda (x86, us-east-1: $${pricesOf().gbSecond.x86_64} a GB-second; sources of prices and limits: [\`prices.ts\`](../src/cost/prices.ts), [\`lambda-limits.ts\`](../src/cost/lambda-limits.ts)). It assumes cores as fast as these, no more of them than were of use here, and ${ASSUMED_S3_MB_PER_SECOND} MB/s to S3:`,
    ...estimates(scenes).flatMap(({film, scene, rows}) => [
      `**${film} ${NAMES[scene] ?? scene}**`,
      ways(rows),
    ]),
  ].join('\n\n');
}

type Row = Estimate & {workers: number; memoryMb: number};

/** One line where there is no way at all, for one reason. */
function ways(rows: readonly Row[]): string {
  const reasons = new Set(rows.map((row) => (row.possible ? '' : row.reason)));
  const [reason] = reasons;
  if (reasons.size === 1 && reason) return `Not possible with any number of workers: ${reason}.`;
  return table(['workers', 'memory', 'wall s', 'cost $', 'GB-s', 'longest chunk s'], rows.map(cells));
}

function cells(row: Row): (string | number)[] {
  const way = [row.workers, `${row.memoryMb / 1024} GB`];
  if (!row.possible) return [...way, `not possible: ${row.reason}`, '', '', ''];
  const {wall, dollars, gbSeconds, longestChunk} = row;
  return [...way, wall.toFixed(1), dollars.toFixed(4), gbSeconds.toFixed(0), longestChunk.toFixed(1)];
}

const percent = (share: number) => `${(share * 100).toFixed(0)} %`;
