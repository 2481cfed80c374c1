import {expect, it} from 'vitest';
import {RenderError} from '../../src/base/errors.ts';
import type {Cost} from '../../src/model/bill.ts';
import type {JobEvent} from '../../src/model/job-events.ts';
import {planChunks} from '../../src/model/plan.ts';
import {NOTHING_DRAWN} from '../../src/model/progress.ts';
import type {FullResult} from '../../src/model/result.ts';
import {countJobs, METRICS} from '../../src/observers/metrics.ts';
import {everyFrame} from '../support/segments.ts';
import {jsonWritten} from '../support/standard-output.ts';
import {filmEvent, SIZE} from '../support/test-picture.ts';

/** The lines that one run with these events writes. */
async function written(events: readonly JobEvent[]) {
  const lines = await jsonWritten(async () => {
    const watcher = countJobs('films')({jobId: 'film', run: 1, request: filmEvent()});
    for (const event of events) watcher.onEvent(event, NOTHING_DRAWN);
    await watcher.close();
    // A run that ends late may end twice.
    await watcher.close();
  });
  expect(lines).toHaveLength(1);
  return lines[0] as Record<string, unknown> & {_aws: {CloudWatchMetrics: Directive[]}};
}

interface Directive {
  Namespace: string;
  Dimensions: string[][];
  Metrics: {Name: string; Unit: string}[];
}

const timeline = {frames: 20, segments: everyFrame(20), fps: 30, size: SIZE, sounds: []};
const drawn: JobEvent[] = [
  {state: 'rendering', timeline, chunks: planChunks(everyFrame(20), 3)},
  {state: 'done', workerId: 0, frames: 10, reused: false},
  {state: 'retrying', workerId: 1, attempt: 2, error: new RenderError('WorkerCrashed', 'gone')},
  {state: 'refused', workerId: 1},
  {state: 'done', workerId: 1, frames: 5, reused: false},
  {state: 'done', workerId: 2, frames: 5, reused: true},
];

const spent = (total: number) => ({state: 'spent', cost: {total} as Cost}) as const;

it('a finished job is one line in the embedded metric format, told apart by the function', async () => {
  // The sum of all runs; the metric covers this one.
  const result = {cost: {total: 0.5}} as FullResult;
  const line = await written([
    ...drawn,
    {state: 'merging'},
    {state: 'publishing'},
    spent(0.0125),
    {state: 'finished', result},
  ]);
  const [directive] = line._aws.CloudWatchMetrics;
  expect(directive).toMatchObject({Namespace: 'RevideoLambda', Dimensions: [['service']]});
  expect(line).toMatchObject({
    ...{service: 'films', JobsFinished: 1, ChunksDrawn: 2, ChunksReused: 1, FramesDrawn: 15},
    ...{Retries: 1, Throttles: 1, Cost: 0.0125},
  });
  const seconds = ['Planning', 'Rendering', 'Merging', 'Publishing'].map((phase) => `${phase}Seconds`);
  for (const name of seconds) expect(line[name]).toBeGreaterThanOrEqual(0);
  expect(line).not.toHaveProperty('JobsFailed');
  for (const {Name, Unit} of directive?.Metrics ?? []) expect(METRICS).toHaveProperty(Name, Unit);
});

it.each([
  ['SceneFailed', 'JobsFailed'],
  ['Cancelled', 'JobsCancelled'],
] as const)('a job that ends with %s counts as %s, and has its cost too', async (name, metric) => {
  const failed = {state: 'failed', error: new RenderError(name, 'no')} as const;
  const line = await written([...drawn, spent(0.5), failed]);
  expect(line).toMatchObject({[metric]: 1, Cost: 0.5, FramesDrawn: 15});
  expect(line).not.toHaveProperty('JobsFinished');
});

it('a run that is handed over, or taken over, ends no job', async () => {
  const line = await written([...drawn, spent(0.25), {state: 'handing over'}]);
  expect(line).toMatchObject({HandOvers: 1, FramesDrawn: 15, Cost: 0.25});
  const lost = await written([{state: 'failed', error: new RenderError('JobTakenOver', 'by another')}]);
  for (const one of [line, lost])
    expect(Object.keys(one).filter((key) => key.startsWith('Jobs'))).toEqual([]);
});
