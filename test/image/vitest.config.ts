import {defineConfig} from 'vitest/config';
import {wat} from '../../src/renderers/revideo/wat.ts';

const counts = process.env.TEST_COUNTS;

/** `npm run test:image`: the image, run as Lambda would. Started by run.ts. */
export default defineConfig({
  plugins: [wat()],
  test: {
    include: ['test/image/{film,letters}.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // Each file fills the machine with containers.
    fileParallelism: false,
    reporters: counts ? ['default', ['json', {outputFile: counts}]] : ['default'],
  },
});
