import {readdirSync, readFileSync} from 'node:fs';

/** Ticks of the clock that /proc counts in, a second: USER_HZ is 100 on every Linux (time(7)). */
const TICKS = 100;

interface Entry {
  parent: number;
  group: number;
  session: number;
  /** Distinguishes two processes that had the same id one after the other. */
  began: string;
  /** Ticks it used itself. */
  own: number;
  /** Ticks of its children that ended and were waited for. */
  reaped: number;
}

/**
 * Adds up the CPU time of a process tree, of which this process starts the root.
 *
 * A process passes its usage on to the parent that waits for it, and in the end to us. The usage of a process
 * without a waiting parent is lost: a browser's helpers outlive the browser by a moment. So this class looks
 * at the tree often, and adds the usage that is missing from one look to the next. At worst it misses the
 * usage of such a process after the last look.
 */
export class TreeCpu {
  readonly #members = new Map<number, Entry>();
  readonly #strangers = new Set<number>();
  readonly #before = readEntry(process.pid)?.reaped ?? 0;
  #total = 0;
  #lost = 0;

  /** Looks at the tree. */
  look(root: number): void {
    const pids = readdirSync('/proc')
      .filter((name) => /^\d/.test(name))
      .map(Number);
    const alive = new Set(pids);
    for (const pid of this.#strangers) if (!alive.has(pid)) this.#strangers.delete(pid);

    const now = new Map<number, Entry>();
    for (const [pid, {began}] of this.#members) {
      const entry = alive.has(pid) ? readEntry(pid) : undefined;
      if (entry?.began === began) now.set(pid, entry);
    }
    for (let found = true; found; ) {
      found = false;
      for (const pid of pids) {
        if (now.has(pid) || this.#strangers.has(pid) || pid === process.pid) continue;
        const entry = readEntry(pid);
        if (!entry) continue;
        const belongs = [entry.parent, entry.group, entry.session].some(
          (id) => now.has(id) || this.#members.has(id),
        );
        if (pid !== root && !belongs) continue;
        now.set(pid, entry);
        found = true;
      }
    }
    for (const pid of pids) if (!now.has(pid)) this.#strangers.add(pid);
    this.#add(now);
  }

  /** Seconds until the last look. */
  get seconds(): number {
    return (this.#total + this.#lost) / TICKS;
  }

  /** The seconds of them that belong to processes without a waiting parent. */
  get lostSeconds(): number {
    return this.#lost / TICKS;
  }

  /** The processes that were alive at the last look. */
  get pids(): number[] {
    return [...this.#members.keys()];
  }

  #add(now: Map<number, Entry>): void {
    let total = (readEntry(process.pid)?.reaped ?? 0) - this.#before;
    let expected = this.#total;
    for (const [pid, entry] of now) {
      total += entry.own + entry.reaped;
      const before = this.#members.get(pid);
      expected += before ? entry.own - before.own : entry.own + entry.reaped;
    }
    this.#lost += Math.max(0, expected - total);
    this.#total = total;
    this.#members.clear();
    for (const [pid, entry] of now) this.#members.set(pid, entry);
  }
}

/** Undefined for a process that is gone. Zombies are there until they are waited for. */
function readEntry(pid: number): Entry | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // Fields from the third on, state; the second, a name, may hold anything. (proc_pid_stat(5))
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const field = (number: number) => Number(fields[number - 3]);
  return {
    parent: field(4),
    group: field(5),
    session: field(6),
    began: fields[22 - 3] ?? '',
    own: field(14) + field(15),
    reaped: field(16) + field(17),
  };
}
