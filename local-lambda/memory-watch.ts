import {descendants, readProcessTable, residentKb} from './process-table.ts';

/** Milliseconds between two looks. One look reads a line of every process of the machine: a few ms. */
const EVERY_MS = 1000;

/** Watches how much memory process trees use. One for a service, so that one look serves every environment. */
export class MemoryWatch {
  readonly #peaksKb = new Map<number, number>();
  #timer: NodeJS.Timeout | undefined;

  /** Starts to watch the tree below process `pid`. Stop with {@link stop}. */
  start(pid: number): void {
    this.#peaksKb.set(pid, 0);
    this.#look();
    this.#timer ??= setInterval(() => this.#look(), EVERY_MS).unref();
  }

  /** Ends the watch and gives the most it saw, in whole MB; 0 where there is no /proc. */
  stop(pid: number): number {
    this.#look();
    const peak = this.#peaksKb.get(pid) ?? 0;
    this.#peaksKb.delete(pid);
    if (this.#peaksKb.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
    return Math.ceil(peak / 1024);
  }

  #look(): void {
    const table = readProcessTable();
    for (const [pid, peak] of this.#peaksKb) {
      const now = descendants(table, new Set([pid])).reduce((sum, member) => sum + residentKb(member), 0);
      this.#peaksKb.set(pid, Math.max(peak, now));
    }
  }
}
