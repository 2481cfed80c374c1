import {defineConfig} from 'vitest/config';
import {wat} from '../../src/renderers/revideo/wat.ts';
import {FaultTable} from './support/table.ts';

const counts = process.env.TEST_COUNTS;

/** `npm run test:faults`: whole films under disturbance. Each file is a list of faults. */
export default defineConfig({
  plugins: [wat()],
  test: {
    include: ['test/faults/*.ts'],
    exclude: ['test/faults/vitest.config.ts'],
    globalSetup: 'test/faults/support/undisturbed.ts',
    testTimeout: 180_000,
    hookTimeout: 180_000,
    maxWorkers: 2,
    reporters: counts
      ? ['default', new FaultTable(), ['json', {outputFile: counts}]]
      : ['default', new FaultTable()],
  },
});
