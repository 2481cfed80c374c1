/** Variables that any program needs to be found, to store its files and to choose its language. */
const ANYBODYS = ['PATH', 'HOME', 'TMPDIR', 'LANG'];

/**
 * The environment for a program that is not ours or that reads foreign input. It has only the named variables
 * of this process, and so no credentials. To be used with `extendEnv: false`.
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
