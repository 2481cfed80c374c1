/** How type errors are treated: they end the build, become warnings, or are not looked for. */
export const TYPE_CHECKS = ['error', 'warn', 'off'] as const;
/** One of `TYPE_CHECKS`. */
export type TypeCheck = (typeof TYPE_CHECKS)[number];
