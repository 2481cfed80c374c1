/**
 * The share of its runs that a slow property test makes, above 0 and up to 100: `TEST_DEPTH`, 0.05 unless set.
 * `npm run test:all` sets 1.
 */
const DEPTH = readDepth(process.env.TEST_DEPTH ?? '0.05');

/** How many runs of a property to make where `full` are made with `TEST_DEPTH=1`: always at least ten. */
export const depthOf = (full: number): number => Math.max(Math.min(full, 10), Math.round(full * DEPTH));

function readDepth(text: string): number {
  const depth = Number(text);
  if (depth > 0 && depth <= 100) return depth;
  throw new Error(
    `TEST_DEPTH is "${text}"; it must be a number above 0 and up to 100, and 1 is a full test.`,
  );
}
