import {statfsSync} from 'node:fs';
import {statfs} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {isDiskFull} from './disk-full.ts';
import {RenderError} from './errors.ts';
import {hideSecrets} from './hide-secrets.ts';

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
    `${inMegabytes(bytes)} are needed ${what}, and ${inMegabytes(bavail * bsize)} are left on the disk of ${folder}. ${ADVICE}`,
  );
}

const ADVICE = 'Give the function more temporary storage (/tmp, up to 10 GB), or free some.';

/** https://man7.org/linux/man-pages/man2/write.2.html and open.2.html */
const CANNOT_WRITE = /^E(ACCES|DQUOT|FBIG|IO|ISDIR|NOENT|NOSPC|NOTDIR|PERM|ROFS)$/;

/**
 * Converts the error of a write to this machine's disk into `DiskFailed` with the room that is left. Our own
 * errors stay as they are.
 */
export function diskError(thrown: unknown, path: string): unknown {
  const {code, syscall} = thrown as NodeJS.ErrnoException;
  if (thrown instanceof RenderError || !syscall || !CANNOT_WRITE.test(code ?? '')) return thrown;
  const message = `${path} cannot be written: ${(thrown as Error).message}.`;
  return new RenderError('DiskFailed', `${message} ${roomLeft(path)}`.trimEnd(), {cause: thrown});
}

/**
 * Converts the error of work that writes below a folder. If the disk was full, at any depth of its causes, it
 * becomes `DiskFailed` with the room that is left. All other errors, ours too, stay as they are.
 */
export function fullDiskError(thrown: unknown, folder: string): unknown {
  if (thrown instanceof RenderError || !isDiskFull(thrown)) return thrown;
  const said = hideSecrets(thrown instanceof Error ? thrown.message : String(thrown));
  return new RenderError(
    'DiskFailed',
    `The disk of ${folder} is full: ${said}. ${roomLeft(folder)}`.trimEnd(),
    {
      cause: thrown,
    },
  );
}

/** A browser's shared memory lies on the disk of the temporary files: with less than this left, it dies of it. */
const BROWSER_NEEDS = 32e6;

/** Why a browser that died or fell silent did so, if its disk has no room; undefined where it has. */
export function browserDisk(words: string, folder = tmpdir()): RenderError | undefined {
  const left = bytesLeft(folder);
  if (left === undefined || left >= BROWSER_NEEDS) return undefined;
  const message = `${words} ${inMegabytes(left)} are left on the disk of ${folder}, where the browser has its memory. ${ADVICE}`;
  return new RenderError('DiskFailed', message);
}

/**
 * A sentence about the room on a disk, for the error of a failed write; empty where the room is not known.
 */
export function roomLeft(path: string): string {
  const left = bytesLeft(path);
  return left === undefined ? '' : `${inMegabytes(left)} are left on its disk. ${ADVICE}`;
}

/** Free bytes of the disk that a file lies on, or would lie on. */
function bytesLeft(path: string): number | undefined {
  for (const place of [path, path.slice(0, Math.max(0, path.lastIndexOf('/')))]) {
    try {
      const {bavail, bsize} = statfsSync(place);
      return bavail * bsize;
    } catch {
      // It is not there; the folder may be.
    }
  }
  return undefined;
}

const inMegabytes = (bytes: number): string => `${Math.ceil(bytes / 1e6)} MB`;
