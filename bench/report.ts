import type {ChunkFacts} from './chunks.ts';
import type {CommandRow} from './commands.ts';
import type {FilmRow, Side} from './films.ts';
import {describedMachine, type Machine} from './machine.ts';
import {table} from './table.ts';

/** Everything that was measured, as it is kept in results.json. */
export interface Results {
  machine: Machine;
  runs: number;
  films?: FilmRow[] | undefined;
  chunks?: ChunkFacts | undefined;
  commands?: CommandRow[] | undefined;
  ratios?: Ratio[] | undefined;
}

/** Two of the numbers, divided. */
export interface Ratio {
  scene: string;
  what: string;
  value: number;
  /** The value should not be above it. */
  target: number;
}

/** The ratios that can be made of the rows there are, for the most workers measured. */
export function ratios(rows: readonly FilmRow[]): Ratio[] {
  return [...new Set(rows.map(({scene}) => scene))].flatMap((scene) => {
    const row = (side: Side, workers: number) =>
      rows.find((row) => row.scene === scene && row.side === side && row.workers === workers);
    const most = Math.max(...rows.filter((row) => row.scene === scene).map(({workers}) => workers));
    const pairs = [
      {name: 'cpu', of: row('ours', most), to: row('original', most), target: 0.3},
      {name: 'wall', of: row('ours', most), to: row('original', most), target: 0.35},
      {name: 'cpu', of: row('ours', most), to: row('ours', 1), target: 1.3},
      {name: 'cpu', of: row('ours', 1), to: row('renderVideo', 1), target: 0.7},
    ] as const;
    return pairs.flatMap(({name, of, to, target}) => {
      if (!of || !to || of === to) return [];
      const what = `${of.side}@${of.workers} / ${to.side}@${to.workers}, ${name === 'cpu' ? 'CPU' : 'wall'}`;
      return [{scene, what, value: of[name] / to[name], target}];
    });
  });
}

/** The results as Markdown, which reads well in a terminal too. */
export function report({machine, runs, films, chunks, commands, ratios}: Results): string {
  const parts = [`${describedMachine(machine)} ${runs === 1 ? 'One run each.' : `Medians of ${runs} runs.`}`];
  if (films) {
    parts.push(
      table(
        ['scene', 'side', 'workers', 'CPU-s', 'wall s', 'peak MB', 'frames', 'differ from N=1', 'sound ms'],
        films.map((row) => [
          row.scene,
          row.side,
          row.workers,
          row.cpu.toFixed(1),
          row.wall.toFixed(1),
          row.memoryMb.toFixed(0),
          row.frames,
          row.differing,
          row.soundErrorMs.toFixed(0),
        ]),
      ),
    );
  }
  if (ratios?.length) {
    const judged = ratios.map(({scene, what, value, target}) => [
      scene,
      what,
      value.toFixed(2),
      target,
      value <= target ? 'yes' : 'no',
    ]);
    parts.push(table(['scene', 'ratio', 'measured', 'target', 'met'], judged));
  }
  if (chunks) {
    const {cold, warm, long, memoryMb} = chunks;
    const row = (name: string, {cpu, wall}: {cpu: number; wall: number}) => [
      name,
      cpu.toFixed(2),
      wall.toFixed(2),
    ];
    parts.push(
      table(
        ['one chunk', 'CPU-s', 'wall s'],
        [
          row('one frame, cold: a whole process', cold),
          row('one frame, warm', warm),
          row('frames 0-59 of 10 minutes', long.first),
          row('the last 60 frames of 10 minutes', long.last),
        ],
      ),
      `Memory of a worker's tree at its peak: ${memoryMb['1080p'].toFixed(0)} MB at 1080p, ${memoryMb['2160p'].toFixed(0)} MB at 2160p.`,
    );
  }
  if (commands) {
    const cells = commands.map((row) => [
      row.command === 'render' ? 'npm start (render)' : 'serve + Invoke',
      row.workers,
      row.cpu.toFixed(1),
      row.wall.toFixed(1),
      row.memoryMb.toFixed(0),
    ]);
    parts.push(table(['sample project', 'workers', 'CPU-s', 'wall s', 'peak MB'], cells));
  }
  return parts.join('\n\n');
}
