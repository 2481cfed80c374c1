import {hideSecrets} from './hide-secrets.ts';
import {shownText} from './words.ts';

/** Warnings that one job keeps. */
const MOST_WARNINGS = 20;
/** Characters of one warning. */
const CHARACTERS = 500;

/**
 * Prepares warnings for display, logs and storage. Each becomes one line of at most 500 characters, without
 * control characters and with masked addresses. Duplicates are dropped, and at most 20 stay.
 */
export function cleanWarnings(warnings: readonly string[]): string[] {
  // Masked first: a control character that is removed could join or split an address.
  const clean = warnings.map((text) => {
    const line = shownText(hideSecrets(text)).replaceAll(/\s+/g, ' ').trim();
    return line.length > CHARACTERS ? `${line.slice(0, CHARACTERS - 1)}…` : line;
  });
  return [...new Set(clean)].filter((line) => line !== '').slice(0, MOST_WARNINGS);
}
