import {defineConfig} from 'vitest/config';

const counts = process.env.TEST_COUNTS;

export default defineConfig({
  test: {
    include: process.env.TEST_CI ? ['.ci/**/*.ci.ts'] : ['test/**/*.test.ts'],
    // Tests start browsers, encoders and servers: patience costs nothing when they pass.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    maxWorkers: 2,
    // .ci/run adds up the counts of every suite.
    reporters: counts ? ['default', ['json', {outputFile: counts}]] : ['default'],
  },
});
