import {readdir, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {closestMatch} from 'leven';

/** The page's report about the variables that a film was given. */
export interface GivenVariables {
  /** Names that no scene asked for while the film was counted, and that the project does not have. */
  unasked: readonly string[];
  /** Names that a scene asked for, or that the project has. */
  known: readonly string[];
}

/** Changed, added or left out letters by which a name may be off and still be meant. */
const MISTYPED = 3;
/** Names that one warning shows. */
const SHOWN = 10;

/**
 * Warnings about variables that nothing in the project asks for: mostly a typing mistake, which renders the film as if
 * nothing had been given. A name that stands anywhere in the compiled project may still be asked for when a frame is drawn.
 *
 * @param folder of the bundle
 */
export async function unaskedWarnings(
  {unasked, known}: GivenVariables,
  {folder}: {folder: string},
): Promise<string[]> {
  if (unasked.length === 0) return [];
  const scripts = (await readdir(folder, {recursive: true})).filter((name) => name.endsWith('.js'));
  const texts = await Promise.all(scripts.map((name) => readFile(join(folder, name), 'utf8')));
  const absent = unasked.filter((name) => !texts.some((text) => text.includes(name)));
  return absent.slice(0, SHOWN).map((name) => {
    const nearest = closestMatch(name, known, {maxDistance: MISTYPED});
    const names = known.slice(0, SHOWN).map((other) => JSON.stringify(other));
    const asks = names.length > 0 ? `it asks for ${names.join(', ')}` : 'it asks for none';
    const meant = nearest === undefined ? `${asks}.` : `did you mean ${JSON.stringify(nearest)}?`;
    return `The project never asks for the variable ${JSON.stringify(name)}; ${meant}`;
  });
}
