import {mkdtemp} from 'node:fs/promises';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {type Bench, sideProgram} from './films.ts';
import {measure} from './measure.ts';
import {medianRun} from './median.ts';

/** The sample project through what a user types. */
export interface CommandRow {
  /** `npm start`'s command, or the local Lambda service and one Invoke. */
  command: 'render' | 'serve';
  workers: number;
  wall: number;
  cpu: number;
  memoryMb: number;
}

const PROGRAM = fileURLToPath(new URL('../src/apps/cli/main.ts', import.meta.url));
const SAMPLE = fileURLToPath(new URL('../revideo-project', import.meta.url));

/** Each from the start of the program to its end; the project was compiled before. */
export async function measureCommands(workers: readonly number[], bench: Bench): Promise<CommandRow[]> {
  const {work, cache, signal, runs: count} = bench;
  await measure(sideProgram('build'), [cache, SAMPLE, work], {signal});
  const rows: CommandRow[] = [];
  for (const command of ['render', 'serve'] as const) {
    for (const number of workers) {
      const runs = [];
      for (let run = 0; run < count; run++) {
        const storage = await mkdtemp(join(work, `${command}-`));
        const args = [
          'render',
          '--project',
          SAMPLE,
          '--workers',
          String(number),
          '--storage',
          storage,
          '--json',
        ];
        runs.push(
          command === 'render'
            ? await measure(PROGRAM, args, {signal})
            : await measure(sideProgram('service'), [cache, SAMPLE, storage, String(number)], {signal}),
        );
      }
      const {wall, cpu, memoryMb} = medianRun(runs);
      rows.push({command, workers: number, wall, cpu, memoryMb});
      bench.say(`${command}, ${number} workers: ${cpu.toFixed(1)} CPU-s, ${wall.toFixed(1)} s`);
    }
  }
  return rows;
}
