/** One step of `npm test`. */
export interface Step {
  /** The subject of its check, for the lines about progress. */
  what: string;
  /** Seconds that it takes on two idle cores. */
  seconds: number;
  /** The program and its arguments, from the root of the repository. */
  command: readonly string[];
}

/**
 * Tests of the kinds that start programs which `npm test` runs all the same: files, each below a minute. Together they
 * cover one film from the command line to the finished file, one join, and the contract of S3.
 */
const SMOKE: readonly string[] = [
  'test/system/cli/render-out.test.ts',
  'test/browser/exact/scene-lengths.test.ts',
  'test/media/merge.test.ts',
  'test/system/storage/s3.test.ts',
];

/** The steps of `npm test`, in this order. */
export const STEPS: readonly Step[] = [
  {what: 'types and lint', seconds: 30, command: ['npm', 'run', '--silent', 'check']},
  {what: 'unit tests', seconds: 60, command: ['vitest', 'run', '--project', 'unit']},
  {
    what: 'smoke tests: a film, a join, a command, S3',
    seconds: 60,
    command: ['vitest', 'run', ...SMOKE],
  },
];
