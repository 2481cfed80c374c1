import fs from 'node:fs';
import {syncBuiltinESMExports} from 'node:module';

/**
 * The deployed entry in a process for which the files that match FULL_DISK lie on a full disk. They are
 * opened as /dev/full, to which the kernel answers every write with ENOSPC (full(4)). Needs no permissions
 * and no disk.
 */
const full = new RegExp(process.env.FULL_DISK ?? '(?!)');
const place = <T>(path: T, flags: unknown): T | string =>
  full.test(String(path)) && /^[wa]/.test(String(flags)) ? '/dev/full' : path;

// A stream opens its file through this object.
const {open} = fs;
fs.open = Object.assign((path: fs.PathLike, flags: fs.OpenMode, ...rest: unknown[]) => {
  Reflect.apply(open, fs, [place(path, flags), flags, ...rest]);
}, open);
const {open: openLater} = fs.promises;
fs.promises.open = (path, flags = 'r', mode) => openLater(place(path, flags), flags, mode);
syncBuiltinESMExports();

export const {handler} = await import('../../../revideo-project/src/lambda.ts');
