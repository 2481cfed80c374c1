import {defineConfig, type TestProjectInlineConfiguration} from 'vitest/config';
import {wat} from './src/renderers/revideo/wat.ts';
import {SlowestFirst} from './test/support/slowest-first.ts';

const counts = process.env.TEST_COUNTS;

/** A kind of test: a folder below test/, by what its tests may start. */
const kind = (name: string, setupFiles: string[] = []): TestProjectInlineConfiguration => ({
  extends: true,
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    setupFiles: ['test/support/name-the-cause.ts', ...setupFiles],
  },
});

export default defineConfig({
  plugins: [wat()],
  test: {
    projects: process.env.TEST_CI
      ? [{extends: true, test: {name: 'ci', include: ['.ci/**/*.ci.ts']}}]
      : [kind('unit', ['test/support/no-spawn.ts']), kind('media'), kind('browser'), kind('system')],
    // Tests start browsers, encoders and servers: patience costs nothing when they pass.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    maxWorkers: 2,
    sequence: {sequencer: SlowestFirst},
    // .ci/run adds up the counts of every suite.
    reporters: counts ? ['default', ['json', {outputFile: counts}]] : ['default'],
  },
});
