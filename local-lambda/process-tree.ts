import {setTimeout as sleep} from 'node:timers/promises';
import {descendants, readProcessTable, startedWith} from './process-table.ts';

/** A process that leads its own group and session, and everything it started. */
export interface ProcessTree {
  /** The process, its group and its session. */
  readonly leader: number;
  /**
   * A variable ("NAME=value") that only this tree was started with, or with a path below it: finds what left the group
   * and lost its parent.
   */
  readonly mark: string;
  /**
   * The processes of the tree that were seen so far. A browser's processes overwrite their environment, and
   * are only known by a parent or a session that may be gone before them.
   */
  readonly known: Set<number>;
}

/** How long a killed process may take to disappear, in milliseconds: its memory has to be freed first. */
const DEATH_MS = 5000;

/** Sends a signal to the group of the tree's leader; a group that is gone is fine. */
export function signalTree(tree: ProcessTree, signal: NodeJS.Signals): void {
  members(tree);
  send(-tree.leader, signal);
}

/**
 * Kills every process of the tree and resolves when none is left. A browser is usually started as the leader
 * of a group of its own, so the group of the leader is not enough. Where there is no /proc, it has to do.
 */
export async function killTree(tree: ProcessTree): Promise<void> {
  members(tree);
  send(-tree.leader, 'SIGKILL');
  const deadline = Date.now() + DEATH_MS;
  // Again until none is left: one that was being started while the table was read is in the next table.
  for (let left = members(tree); left.length > 0; left = members(tree)) {
    for (const pid of left) send(pid, 'SIGKILL');
    if (Date.now() > deadline) throw new Error(`Processes ${left.join(', ')} do not die.`);
    await sleep(10);
  }
}

function members({leader, mark, known}: ProcessTree): number[] {
  const table = readProcessTable();
  const marked = table.map(({pid}) => pid).filter((pid) => startedWith(pid, mark));
  const left = descendants(table, new Set([leader, ...marked, ...known]));
  for (const pid of left) known.add(pid);
  return left;
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // Gone already; macOS says EPERM of a group in which only zombies are left.
    const {code} = error as NodeJS.ErrnoException;
    if (code !== 'ESRCH' && !(code === 'EPERM' && process.platform === 'darwin')) throw error;
  }
}
