import {existsSync} from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';
import {afterAll, beforeAll, expect, inject, test} from 'vitest';
import type {ErrorName} from '../../../src/errors.ts';
import {isErrorName} from '../../../src/errors.ts';
import type {Quality} from '../../../src/quality.ts';
import {runs} from '../../support/processes.ts';
import {readFilm} from './film.ts';
import type {Trap} from './proxy.ts';
import {type JobRequest, type Outcome, openScene, type Result, type Scene, type Wishes} from './scene.ts';
import {type Stage, type StageOptions, startStage} from './stage.ts';
import {leftBehind, quiet} from './tidy.ts';
import {within} from './within.ts';

/** A row: something that goes wrong, and what becomes of the film all the same. */
export interface Fault {
  name: string;
  /** What its Lambda is, if it must be one of its own. */
  stage?: StageOptions | (() => Promise<StageOptions>);
  /** What of the event is unlike the others': 3 workers, and x264, of which the same frames make the same bytes. */
  event?: {numWorkers?: number; wishes?: Wishes; quality?: Quality};
  /** Before the job is sent: what lies in wait for it. A trap that catches nothing fails its row. */
  arrange?: (scene: Scene) => Trap | readonly Trap[] | Promise<Trap>;
  /** While the job runs; `trap` is the first of those that were arranged, `first` what becomes of the first sending. */
  during?: (scene: Scene, trap: Trap, first: Promise<Outcome>) => Promise<unknown>;
  /** Whether the job is sent once more when the first sending has come to its end, which then does not count. */
  sentAgain?: boolean;
  expect: Expectation;
}

/** How a row must end. */
export type Expectation = {
  /** Workers that are begun beyond one a chunk. */
  again?: number | readonly [least: number, most: number];
} & (
  | {film: Partial<NonNullable<Result['chunks']>>}
  /** A typed error, and what becomes of the same job when the fault is over. */
  | {error: ErrorName; afterwards?: 'film' | ErrorName}
);

/** What the table says of a row. */
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

  for (const row of rows)
    test(row.name, async ({task}) => {
      const began = performance.now();
      const options = typeof row.stage === 'function' ? await row.stage() : row.stage;
      const stage = options ? await startStage(options) : shared;
      try {
        const {numWorkers = 3, wishes = {}, quality = 'balanced'} = row.event ?? {};
        const jobId = `${where} ${row.name}`.replaceAll(/[^A-Za-z0-9]+/g, '-').slice(0, 100);
        // The job's name among the variables: no row finds another's chunks.
        const variables = {wishes, row: jobId};
        const event: JobRequest = {
          jobType: 'fullRender',
          jobId,
          numWorkers,
          frameHashes: true,
          quality,
          variables,
        };
        const scene = openScene(stage, event);
        const line: Line = {
          fault: `${where}: ${row.name}`,
          outcome: 'unfinished',
          chunks: '',
          begun: '',
          seconds: 0,
        };
        task.meta.line = line;
        const outcome = await run(row, scene);
        line.outcome = outcome.error?.errorType ?? 'film';
        line.chunks = chunksOf(outcome);
        line.begun = `${scene.workersBegun(jobId)} of ${numWorkers}`;
        line.seconds = (performance.now() - began) / 1000;
        await check(row, {scene, outcome, numWorkers}).catch((error) => {
          throw Object.assign(error, {message: [error.message, ...scene.retries()].join('\n')});
        });
      } finally {
        if (process.env.FAULTS_LOG) process.stdout.write(`${stage.log.join('\n')}\n`);
        calm(stage);
        // The next row finds the stage as this one did, also if this one failed.
        await quiet(stage.service);
        if (stage !== shared) await closeStage(stage);
      }
    });
}

/** Milliseconds in which a row has to come to its end. */
const LONGEST = 120_000;

async function run({arrange, during, sentAgain}: Fault, scene: Scene): Promise<Outcome> {
  const traps = [(await arrange?.(scene)) ?? []].flat();
  const sent = scene.send();
  const disturb = async () => during?.(scene, traps[0] ?? NO_TRAP, sent);
  // A job that ended too early is the reason for much that is waited for in vain.
  const disturbed = disturb().catch(async (error) => {
    const end = await Promise.race([sent, sleep(1000, 'nothing yet')]);
    throw new Error(`${error.message} The job came to ${JSON.stringify(end)}.`, {cause: error});
  });
  const [first] = await within('the row to end', Promise.all([sent, disturbed]), LONGEST);
  const outcome = sentAgain ? await scene.send() : first;
  expect(
    traps.map((trap) => trap.hits()),
    `nothing was disturbed: ${JSON.stringify(outcome)}`,
  ).not.toContain(0);
  calm(scene);
  return outcome;
}

const NO_TRAP: Trap = {hits: () => 0, met: Promise.reject(new Error('The row arranged no trap.'))};
NO_TRAP.met.catch(() => {});

function calm({bucket, invoke, tools}: Stage): void {
  for (const disturbed of [bucket.proxy, invoke, tools]) disturbed.calm();
}

async function check(
  {expect: expected}: Fault,
  {scene, outcome, numWorkers}: {scene: Scene; outcome: Outcome; numWorkers: number},
): Promise<void> {
  const {jobId, bucket} = scene;
  const begun = scene.workersBegun(jobId);
  const expectFilm = async ({result, error}: Outcome) => {
    expect(error).toBeUndefined();
    const kind = scene.event.variables.wishes.clip ? 'clip' : numWorkers;
    expect(await readFilm(bucket.direct, result as Result)).toEqual(inject('films')[kind]);
    expect(await filmsOf(scene)).toEqual([`renders/${jobId}.mp4`]);
  };
  const expectError = async ({error}: Outcome, name: ErrorName) => {
    expect(error, 'a film where an error was expected').toBeDefined();
    expect(`${error?.errorType}: ${error?.errorMessage}`).toMatch(new RegExp(`^${name}: \\S`));
    expect(isErrorName(error?.errorType ?? '')).toBe(true);
    expect(await filmsOf(scene)).toEqual([]);
  };

  if ('film' in expected) {
    await expectFilm(outcome);
    expect(outcome.result?.chunks ?? {}).toMatchObject(expected.film);
  } else {
    await expectError(outcome, expected.error);
    if (expected.afterwards === 'film') await expectFilm(await scene.send());
    else if (expected.afterwards) await expectError(await scene.send(), expected.afterwards);
  }
  if (expected.again !== undefined) {
    const [least, most] =
      typeof expected.again === 'number' ? [expected.again, expected.again] : expected.again;
    expect(begun - numWorkers).toBeGreaterThanOrEqual(least);
    expect(begun - numWorkers).toBeLessThanOrEqual(most);
  }
  expect(await leftBehind(scene.service)).toEqual([]);
}

/** Whatever of a job is where films are. */
async function filmsOf({bucket, jobId}: Scene): Promise<string[]> {
  return (await bucket.direct.list('renders/')).map(({key}) => key).filter((key) => key.includes(jobId));
}

function chunksOf({result}: Outcome): string {
  return Object.entries(result?.chunks ?? {})
    .filter(([, count]) => count > 0)
    .map(([what, count]) => `${count} ${what}`)
    .join(', ');
}

async function closeStage(stage: Stage | undefined): Promise<void> {
  const before = stage?.service.environments() ?? [];
  await stage?.close();
  expect(before.filter(({pid}) => runs(pid))).toEqual([]);
  expect(before.filter(({temporaryDirectory}) => existsSync(temporaryDirectory))).toEqual([]);
}
