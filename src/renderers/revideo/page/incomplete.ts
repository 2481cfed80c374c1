import type {FileBytes} from './file-bytes.ts';
import {promisedLength} from './promised-length.ts';

/**
 * Why a medium is not whole: it broke off while it was copied, so that the end of picture and sound is missing.
 *
 * @returns continues the sentence "cannot be read: ", without a full stop; undefined if the file is whole, or
 * does not say its length
 */
export async function whyIncomplete(file: FileBytes): Promise<string | undefined> {
  const promised = await promisedLength(file).catch(() => undefined);
  if (promised === undefined) return undefined;
  const percent = Math.floor((100 * file.length) / promised);
  return `it breaks off: ${file.length} of at least ${promised} bytes are there (${percent} %); copy or upload it again`;
}
