/** What any program needs to be found, to keep its files, and to speak its language. */
const ANYBODYS = ['PATH', 'HOME', 'TMPDIR', 'LANG'];

/**
 * The environment of a program that is not ours, or that reads what is not ours: of this process's own only what is
 * named, and so no credentials. To be used with `extendEnv: false`.
 *
 * @param names variables that this program needs beyond PATH, HOME, TMPDIR and LANG
 */
export const childEnvironment = (names: readonly string[] = []): Record<string, string> =>
  Object.fromEntries(
    [...ANYBODYS, ...names].flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
