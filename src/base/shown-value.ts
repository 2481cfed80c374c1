import {inspect} from 'node:util';

/** Characters of a shown value at most. */
const MOST = 80;

/**
 * A value for a message to people: short, on one line, never a whole object. It takes any value: JSON has no `NaN`, and
 * fails at a BigInt.
 */
export function shownValue(value: unknown): string {
  const text =
    typeof value === 'string' ? JSON.stringify(value) : inspect(value, {depth: 0, breakLength: Infinity});
  return text.length > MOST ? `${text.slice(0, MOST - 3)}...` : text;
}
