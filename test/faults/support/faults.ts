import {afterAll, beforeAll, test} from 'vitest';
import type {ErrorName} from '../../../src/base/errors.ts';
import type {Quality} from '../../../src/model/quality.ts';
import {checkClosed, checkRow} from './check.ts';
import type {Trap} from './proxy.ts';
import {calm, runRow} from './run-row.ts';
import {type Outcome, openScene, type Result, type Scene, type Wishes} from './scene.ts';
import {type Stage, type StageOptions, startStage} from './stage.ts';
import {quiet} from './tidy.ts';

/** A row: a fault, and the film's state after it. */
export interface Fault {
  name: string;
  /** Its own Lambda, if it needs one. */
  stage?: StageOptions;
  /**
   * The event's differences from the others': 3 workers, and x264, which makes the same bytes of the same
   * frames.
   */
  event?: {numWorkers?: number; wishes?: Wishes; quality?: Quality};
  /** Before the job is sent: what lies in wait for it. A trap that catches nothing fails its row. */
  arrange?: (scene: Scene) => Trap | readonly Trap[] | Promise<Trap>;
  /** While the job runs; `trap` is the first one arranged, `first` the result of the first sending. */
  during?: (scene: Scene, trap: Trap, first: Promise<Outcome>) => Promise<unknown>;
  /** Whether the job is sent once more when the first sending has ended, which then does not count. */
  sentAgain?: boolean;
  expect: Expectation;
}

/** How a row must end. */
export type Expectation = {
  /** Workers that are begun beyond one a chunk. */
  again?: number | readonly [least: number, most: number];
} & (
  | {film: Partial<NonNullable<Result['chunks']>>}
  /** A typed error, and the result of the same job after the fault. */
  | {error: ErrorName; afterwards?: 'film' | ErrorName}
);

/** The table's line about a row. */
export interface Line {
  fault: string;
  outcome: string;
  chunks: string;
  begun: string;
  seconds: number;
}

declare module 'vitest' {
  interface TaskMeta {
    line?: Line;
  }
}

/** Makes a test of each row. Rows without a Lambda of their own share one, made of `common`. */
export function faults(where: string, rows: readonly Fault[], common: StageOptions = {}): void {
  let shared: Stage;
  beforeAll(async () => {
    shared = await startStage(common);
  });
  afterAll(() => closeStage(shared));

  for (const row of rows) {
    test(row.name, async ({task}) => {
      const stage = row.stage ? await startStage(row.stage) : shared;
      task.meta.line = {
        fault: `${where}: ${row.name}`,
        outcome: 'unfinished',
        chunks: '',
        begun: '',
        seconds: 0,
      };
      try {
        await play(row, {where, stage, line: task.meta.line});
      } finally {
        calm(stage);
        // The next row finds the stage as this one did, also if this one failed.
        await quiet(stage.service);
        if (stage !== shared) await closeStage(stage);
      }
    });
  }
}

async function play(
  row: Fault,
  {where, stage, line}: {where: string; stage: Stage; line: Line},
): Promise<void> {
  const began = performance.now();
  const {numWorkers = 3, wishes = {}, quality = 'balanced'} = row.event ?? {};
  const jobId = `${where} ${row.name}`.replaceAll(/[^A-Za-z0-9]+/g, '-').slice(0, 100);
  const scene = openScene(stage, {
    ...{jobType: 'fullRender', jobId, numWorkers, frameHashes: true, quality},
    // The job's name among the variables: no row finds another's chunks.
    variables: {wishes, row: jobId},
  });
  const outcome = await runRow(row, scene);
  const {result, error} = outcome;
  const chunks = Object.entries(result?.chunks ?? {}).filter(([, count]) => count > 0);
  line.outcome = error?.errorType ?? 'film';
  line.chunks = chunks.map(([what, count]) => `${count} ${what}`).join(', ');
  line.begun = `${scene.workersBegun(jobId)} of ${numWorkers}`;
  line.seconds = (performance.now() - began) / 1000;
  await checkRow(row, {scene, outcome}).catch((error) => {
    const log = [...scene.retries(), ...stage.log.filter((line) => /Cannot clean up/.test(line))];
    throw Object.assign(error, {message: [error.message, ...log].join('\n')});
  });
}

async function closeStage(stage: Stage | undefined): Promise<void> {
  const before = stage?.service.environments() ?? [];
  await stage?.close();
  checkClosed(before);
}
