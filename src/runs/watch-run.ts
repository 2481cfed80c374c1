import type {JobEvent, JobTools, JobWatcher, WatchedJob} from '../job-tools.ts';
import {within} from '../within.ts';
import type {Progress} from './progress.ts';

/** Milliseconds that a run waits for its watchers at its end. */
const LAST_WORDS = 30_000;

/** All watchers of a run as one, of which nothing that goes wrong gets out, and which ends in time. */
export function watchRun(job: WatchedJob, {watchers = []}: Pick<JobTools, 'watchers'>): JobWatcher {
  const safely = <T>(work: () => T): T | undefined => {
    try {
      return work();
    } catch {
      return undefined;
    }
  };
  const all = watchers.flatMap((watch) => safely(() => watch(job)) ?? []);
  return {
    onEvent(event: JobEvent, progress: Progress) {
      for (const watcher of all) safely(() => watcher.onEvent(event, progress));
    },
    async close() {
      const closed = Promise.allSettled(all.map(async (watcher) => watcher.close()));
      const late = new Promise((resolve) => {
        within(LAST_WORDS).addEventListener('abort', resolve, {once: true});
      });
      if (all.length > 0) await Promise.race([closed, late]);
    },
  };
}
