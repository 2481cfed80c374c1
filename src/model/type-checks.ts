/** What becomes of type errors: the end of the build, warnings, or nothing, since nobody looks for them. */
export const TYPE_CHECKS = ['error', 'warn', 'off'] as const;
/** One of `TYPE_CHECKS`. */
export type TypeCheck = (typeof TYPE_CHECKS)[number];
