import {BaseSequencer, type TestSpecification} from 'vitest/node';

/**
 * Test files that take longest, by the CPU time they need, the longest first. A long file that starts last keeps one
 * worker busy while the other has nothing left to do. A file that is not here comes behind these.
 */
const SLOWEST = [
  'unit/simulated/job-machine',
  'browser/exact/projects',
  'browser/exact/clips',
  'browser/revideo/page',
  'browser/exact/flash-and-click',
  'browser/revideo/count',
  'system/cli',
  'browser/bench/partial-video',
  'system/same-as-revideo',
  'browser/revideo/source-position',
  'browser/revideo/remote/page',
  'browser/hostile/children',
  'system/cli/jobs',
  'system/serve',
  'system/cost/true-cost',
  'media/soundtrack',
  'media/jobs/hand-over',
  'system/client/example',
  'media/render-job',
  'system/client/client',
  'system/cli/choose-project',
  'browser/revideo/fonts/missing',
  'browser/revideo/imported-media',
  'browser/revideo/session',
  'browser/exact/remote-clips',
  'browser/revideo/vite-config',
  'media/jobs/chunks',
  'system/check/check-deployment',
  'browser/same-differs',
  'system/client/lost-jobs',
  'browser/revideo/limits',
];

/** Starts the slowest files first; the others keep vitest's own order. */
export class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({moduleId}: TestSpecification) => {
      const index = SLOWEST.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
      return index < 0 ? SLOWEST.length : index;
    };
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b));
  }
}
