import {expect, test} from 'vitest';
import type {EnvironmentState} from '../../local-lambda/service.ts';
import {type JobRequest, openScene} from '../faults/support/scene.ts';
import {startStage} from '../faults/support/stage.ts';
import {quiet} from '../faults/support/tidy.ts';
import {courseOf} from './flat.ts';
import {type Sample, takeSample} from './sample.ts';

const JOBS = Number(process.env.SOAK_JOBS ?? 200);
/** Jobs after which all is there that is kept from job to job. */
const WARM_UP = 20;

/**
 * The limits of flat: by how much the last third's median may be over the first third's, in its unit and in
 * percent.
 */
const ALLOWED: Record<keyof Sample, {unit: string; more: number; percent: number}> = {
  files: {unit: 'open files', more: 4, percent: 0},
  processes: {unit: 'processes', more: 1, percent: 0},
  temporary: {unit: 'KB of temporary files', more: 1000, percent: 10},
  own: {unit: 'MB of its own memory', more: 20, percent: 10},
  browser: {unit: "MB of its browser's memory", more: 20, percent: 10},
};
const FIGURES = Object.keys(ALLOWED) as (keyof Sample)[];

test(`${JOBS} jobs, one after the other, in two warm environments`, async () => {
  // A job runs in one of them, its chunks in the other.
  const stage = await startStage({concurrency: 2, timeoutSeconds: 60});
  const samples = new Map<number, Sample[]>();
  const began = performance.now();
  try {
    for (let job = 0; job < JOBS; job++) {
      const event: JobRequest = {
        jobType: 'fullRender',
        jobId: `soak-${job}`,
        numWorkers: 1 + (job % 2),
        frameHashes: false,
        quality: 'cheapest',
        variables: {wishes: {}, row: String(job)},
      };
      const {result, error} = await openScene(stage, event).send();
      expect(error, `job ${job}`).toBeUndefined();
      expect(result).toMatchObject({state: 'finished', frames: 46});
      await quiet(stage.service);
      for (const environment of stage.service.environments()) keep(samples, environment);
    }
  } finally {
    await stage.close();
  }

  const environments = [...samples.values()];
  expect(
    environments.map(({length}) => length),
    'both stay warm',
  ).toEqual([JOBS, JOBS]);
  const seconds = (performance.now() - began) / 1000 / JOBS;
  process.stdout.write(`\n${JOBS} jobs, ${seconds.toFixed(1)} s each.\n\n${table(environments)}\n\n`);
  for (const kept of environments) {
    for (const figure of FIGURES) {
      const {early, late} = courseOf(kept.slice(WARM_UP).map((sample) => sample[figure]));
      const {unit, more, percent} = ALLOWED[figure];
      expect(late, unit).toBeLessThanOrEqual(early + Math.max(more, (early * percent) / 100));
    }
  }
});

function keep(samples: Map<number, Sample[]>, environment: EnvironmentState): void {
  const kept = samples.get(environment.pid) ?? [];
  kept.push(takeSample(environment));
  samples.set(environment.pid, kept);
}

function table(environments: readonly Sample[][]): string {
  const head = [
    '| environment | figure | after 1 job | jobs 21 to … (median of the first third) | (of the last third) | in 100 jobs |',
    '| --- | --- | ---: | ---: | ---: | ---: |',
  ];
  const rows = environments.flatMap((kept, index) =>
    FIGURES.map((figure) => {
      const figures = kept.map((sample) => sample[figure]);
      const {early, late, per100} = courseOf(figures.slice(WARM_UP));
      const who = index === 0 ? 'the job' : 'its chunks';
      const grows = `${per100 < 0 ? '' : '+'}${per100.toFixed(1)}`;
      return `| ${who} | ${ALLOWED[figure].unit} | ${figures[0]} | ${early} | ${late} | ${grows} |`;
    }),
  );
  return [...head, ...rows].join('\n');
}
