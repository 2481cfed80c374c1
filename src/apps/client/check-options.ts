/**
 * An error in a call of the client: a mistake of its caller, not of a job. It never quotes a value, which may
 * be a secret.
 */
export const wrongOption = (name: string, allowed: string): TypeError =>
  new TypeError(`${name} cannot be used; it must be ${allowed}.`);

/** Throws a `TypeError` for a text that may be left out and is empty, as one from an environment variable that is not set. */
export function refuseEmpty(texts: Readonly<Record<string, unknown>>): void {
  for (const [name, text] of Object.entries(texts))
    if (text !== undefined && (typeof text !== 'string' || text.trim() === ''))
      throw wrongOption(name, 'a text that is not empty, or left out');
}

/**
 * Throws a `TypeError` for a time that is not a number. Every comparison with `NaN` is false, so the wait
 * would never end.
 */
export function refuseNaN(times: Readonly<Record<string, unknown>>): void {
  for (const [name, time] of Object.entries(times))
    if (time !== undefined && !(typeof time === 'number' && time >= 0))
      throw wrongOption(name, 'a number of milliseconds from 0, or left out');
}
