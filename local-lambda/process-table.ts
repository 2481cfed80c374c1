import {readdirSync, readFileSync} from 'node:fs';

/** A process as /proc shows it. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly session: number;
}

/** Every live process of this machine; empty where there is no /proc. Zombies are not live. */
export function readProcessTable(): ProcessEntry[] {
  return readPids().flatMap((pid) => {
    // `pid (name) state parent group session …`; the name may hold spaces and parentheses. (proc_pid_stat(5))
    const stat = read(`/proc/${pid}/stat`);
    const [state, parent, , session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (!stat || state === 'Z' || state === 'X') return [];
    return [{pid, parent: Number(parent), session: Number(session)}];
  });
}

/**
 * The processes among `table` that descend from `roots`: children, and members of their sessions, whose
 * parents may be gone.
 */
export function descendants(table: readonly ProcessEntry[], roots: ReadonlySet<number>): number[] {
  const family = new Set(roots);
  for (let before = -1; before !== family.size; ) {
    before = family.size;
    for (const {pid, parent, session} of table) {
      if (family.has(parent) || family.has(session)) family.add(pid);
    }
  }
  return table.map(({pid}) => pid).filter((pid) => family.has(pid));
}

/**
 * Whether a process was started with `variable` ("NAME=value") in its environment, or with a path below it. A
 * browser has its own temporary directory inside that of its parent. False when unreadable.
 */
export const startedWith = (pid: number, variable: string): boolean =>
  read(`/proc/${pid}/environ`)
    .split('\0')
    .some((entry) => entry === variable || entry.startsWith(`${variable}/`));

/** Resident memory of a process in KB; pages shared with others count in full. 0 when it is gone. */
export const residentKb = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);

function readPids(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return []; // no /proc: not Linux
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return ''; // The process has ended since, or belongs to another user.
  }
}
