/** Values of one object that are looked at. */
const MOST_VALUES = 1_000;

/**
 * Writes a value as a log shows it: texts as they are, errors with their stack, other objects as JSON as far
 * as possible. Never throws; a scene's node, which knows the whole scene, costs no more than a small object.
 *
 * @param longest characters at most
 */
export function inWords(value: unknown, longest: number): string {
  try {
    if (value instanceof Error) return (value.stack ?? String(value)).slice(0, longest);
    if (typeof value !== 'object' || value === null) return String(value).slice(0, longest);
    return (json(value) ?? String(value)).slice(0, longest);
  } catch {
    return 'a value that cannot be written';
  }
}

function json(value: object): string | undefined {
  const parents: unknown[] = [];
  let left = MOST_VALUES;
  return JSON.stringify(value, function (this: unknown, _, inner: unknown) {
    if (left-- <= 0) return undefined;
    if (typeof inner === 'bigint' || typeof inner === 'symbol') return String(inner);
    if (typeof inner !== 'object' || inner === null) return inner;
    // `this` holds the value: what stands behind it in the list belongs to a branch that is done.
    while (parents.length > 0 && parents.at(-1) !== this) parents.pop();
    if (parents.includes(inner)) return '[circular]';
    parents.push(inner);
    return inner;
  });
}
