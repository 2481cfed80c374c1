import {defineConfig} from 'vitest/config';
import {wat} from '../../src/renderers/revideo/wat.ts';

const counts = process.env.TEST_COUNTS;

/** `npm run test:soak`: SOAK_JOBS jobs (200) in the same processes, and what they leave behind. */
export default defineConfig({
  plugins: [wat()],
  test: {
    include: ['test/soak/soak.ts'],
    globalSetup: 'test/soak/media.ts',
    testTimeout: 3_600_000,
    reporters: counts ? ['default', ['json', {outputFile: counts}]] : ['default'],
  },
});
