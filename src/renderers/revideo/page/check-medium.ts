import {type Edited, followEdits, readEdits} from './edits.ts';
import {openBytes} from './file-bytes.ts';
import {whyIncomplete} from './incomplete.ts';
import {MediaFailure} from './remote.ts';

/** By address: each medium is looked into once. */
const checks = new Map<string, Promise<Edited>>();

/**
 * Sees to it that a medium is whole, and that its pictures and sounds can be played as its edits say.
 *
 * @param url as the project names it
 * @returns where it ends by its edits; nothing of what cannot be read or has none
 * Rejects with `MediaFailure`.
 */
export function checkMedium(url: string): Promise<Edited> {
  const check = checks.get(url) ?? look(url);
  checks.set(url, check);
  return check;
}

async function look(url: string): Promise<Edited> {
  const file = await openBytes(url);
  if (!file) return {};
  const incomplete = await whyIncomplete(file);
  if (incomplete) throw new MediaFailure(url, incomplete);
  const {refusal, ...ends} = followEdits(await readEdits(file).catch(() => []));
  if (refusal) throw new MediaFailure(url, refusal);
  return ends;
}
