import {defineConfig} from 'vitest/config';
import {wat} from './src/renderers/revideo/wat.ts';
import {SlowestFirst} from './test/support/slowest-first.ts';

const counts = process.env.TEST_COUNTS;

export default defineConfig({
  plugins: [wat()],
  test: {
    include: process.env.TEST_CI ? ['.ci/**/*.ci.ts'] : ['test/**/*.test.ts'],
    // Tests start browsers, encoders and servers: patience costs nothing when they pass.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    maxWorkers: 2,
    sequence: {sequencer: SlowestFirst},
    // .ci/run adds up the counts of every suite.
    reporters: counts ? ['default', ['json', {outputFile: counts}]] : ['default'],
  },
});
