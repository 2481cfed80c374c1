import {BaseSequencer, type TestSpecification} from 'vitest/node';

/**
 * Test files that take longest, by the CPU time they need, the longest first. A long file that starts last keeps one
 * worker busy while the other has nothing left to do. A file that is not here comes behind these.
 */
const SLOWEST = [
  'exact/projects',
  'exact/clips',
  'revideo/partial-video',
  'revideo/page',
  'exact/flash-and-click',
  'revideo/count',
  'cli',
  'same-as-revideo',
  'revideo/source-position',
  'revideo/remote/page',
  'hostile/children',
  'cli/jobs',
  'serve',
  'cost/true-cost',
  'soundtrack',
  'jobs/hand-over',
  'client/example',
  'render-job',
  'client/client',
  'cli/choose-project',
  'revideo/fonts/missing',
  'revideo/imported-media',
  'revideo/session',
  'exact/remote-clips',
  'revideo/vite-config',
  'jobs/chunks',
  'check/check-deployment',
  'same-differs',
  'client/lost-jobs',
  'revideo/limits',
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
