/** The entries whose values JSON can carry. */
export const onlyJson = (entries: [string, unknown][]): Record<string, unknown> =>
  Object.fromEntries(
    entries.filter(([, value]) => {
      try {
        return JSON.stringify(value) !== undefined;
      } catch {
        return false;
      }
    }),
  );
