import {constants, statSync} from 'node:fs';
import {access, mkdir} from 'node:fs/promises';
import {resolve} from 'node:path';
import {RenderError} from '../../base/errors.ts';

/** Makes the folder of a storage, or finds out why it cannot be one. Rejects with `BadSetting`. */
export async function makeStorageFolder(storage: string): Promise<void> {
  const folder = resolve(storage);
  try {
    // Node tries forever to make folders there, without an error.
    if (/^\/(proc|sys)(\/|$)/.test(folder)) throw new Error('it is in a part of the kernel');
    await mkdir(folder, {recursive: true});
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw unusable(storage, 'a folder that can be written', cause);
  }
}

/** Sees to it that a storage that is only read is there. Throws `BadSetting`. */
export function findStorageFolder(storage: string): void {
  try {
    if (!statSync(resolve(storage)).isDirectory()) throw new Error('it is no folder');
  } catch (cause) {
    throw unusable(storage, 'a folder in which films were rendered', cause);
  }
}

function unusable(storage: string, allowed: string, cause: unknown): RenderError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new RenderError(
    'BadSetting',
    `--storage is ${JSON.stringify(storage)}; it must be ${allowed}: ${why}.`,
    {
      cause,
    },
  );
}
