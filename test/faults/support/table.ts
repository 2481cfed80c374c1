import type {Reporter, TestModule} from 'vitest/node';
import type {Line} from './faults.ts';

/** Prints the outcome of every row, at the end of a run. */
export class FaultTable implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const rows = modules.flatMap((module) => [...module.children.allTests()]);
    const lines = rows.flatMap((row) => {
      const {line} = row.meta();
      const ok = row.result().state === 'passed';
      return line ? [cells(line, ok)] : [];
    });
    const head = ['', 'fault', 'outcome', 'chunks, as the job says', 'workers begun', 's'];
    const widths = head.map((_, column) =>
      Math.max(...[head, ...lines].map((line) => line[column]?.length ?? 0)),
    );
    const text = [head, ...lines].map((line) =>
      line.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  '),
    );
    process.stdout.write(`\n${text.join('\n')}\n\n`);
  }
}

const cells = ({fault, outcome, chunks, begun, seconds}: Line, ok: boolean): string[] => [
  ok ? 'ok' : 'FAILED',
  fault,
  outcome,
  chunks,
  begun,
  seconds.toFixed(1),
];
