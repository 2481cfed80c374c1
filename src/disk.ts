import {statfs} from 'node:fs/promises';
import {RenderError} from './errors.ts';

/**
 * Sees that a folder's disk has room.
 *
 * @param bytes what is about to be written
 * @param what to go after "needs": `to join the chunks`
 * @throws `DiskFailed` that says how much is needed, how much there is, and where
 */
export async function requireSpace(
  folder: string,
  {bytes, what}: {bytes: number; what: string},
): Promise<void> {
  const {bavail, bsize} = await statfs(folder);
  if (bavail * bsize >= bytes) return;
  throw new RenderError(
    'DiskFailed',
    `${inMegabytes(bytes)} are needed ${what}, and ${inMegabytes(bavail * bsize)} are left on the disk of ${folder}. Give the function more temporary storage (/tmp, up to 10 GB), or free some.`,
  );
}

/** https://man7.org/linux/man-pages/man2/write.2.html and open.2.html */
const CANNOT_WRITE = /^E(ACCES|DQUOT|FBIG|IO|ISDIR|NOENT|NOSPC|NOTDIR|PERM|ROFS)$/;

/** What a write to this machine's disk throws, as `DiskFailed`; errors of ours as they are. */
export function diskError(thrown: unknown, path: string): unknown {
  const {code, syscall} = thrown as NodeJS.ErrnoException;
  if (thrown instanceof RenderError || !syscall || !CANNOT_WRITE.test(code ?? '')) return thrown;
  const message = (thrown as Error).message;
  return new RenderError('DiskFailed', `${path} cannot be written: ${message}.`, {cause: thrown});
}

const inMegabytes = (bytes: number): string => `${Math.ceil(bytes / 1e6)} MB`;
