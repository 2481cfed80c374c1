import {readdirSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {descendants, readProcessTable, residentKb} from '../../local-lambda/process-table.ts';
import type {EnvironmentState} from '../../local-lambda/service.ts';

/** The resources of an execution environment at one moment. */
export interface Sample {
  /** Open files of all of its processes: files, pipes, sockets. */
  files: number;
  processes: number;
  /** Kilobytes below its TMPDIR. */
  temporary: number;
  /** Megabytes of the function's own process. */
  own: number;
  /** Megabytes of the browser's processes; what they share counts for each. */
  browser: number;
}

/** Looks at an environment and everything it has started. Needs /proc. */
export function takeSample({pid, temporaryDirectory}: EnvironmentState): Sample {
  const members = descendants(readProcessTable(), new Set([pid]));
  const sum = (of: (member: number) => number) => members.reduce((total, member) => total + of(member), 0);
  return {
    files: sum(openFiles),
    processes: members.length,
    temporary: Math.round(bytesBelow(temporaryDirectory) / 1000),
    own: Math.round(residentKb(pid) / 1000),
    browser: Math.round((sum(residentKb) - residentKb(pid)) / 1000),
  };
}

const openFiles = (pid: number): number => attempt(() => readdirSync(`/proc/${pid}/fd`).length);

function bytesBelow(directory: string): number {
  const entries = readdirSync(directory, {recursive: true, withFileTypes: true});
  return entries
    .filter((entry) => entry.isFile())
    .reduce((total, {parentPath, name}) => total + attempt(() => statSync(join(parentPath, name)).size), 0);
}

/** 0 for a file that is gone since it was listed: browsers write and remove files as they please. */
function attempt(count: () => number): number {
  try {
    return count();
  } catch {
    return 0;
  }
}
