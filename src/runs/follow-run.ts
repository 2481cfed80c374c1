import type {JobEvent, JobTools, JobWatcher, WatchedJob} from '../job-tools.ts';
import {within} from '../within.ts';
import type {Progress} from './progress.ts';

/** All watchers of a run as one. */
interface Followers extends Pick<JobWatcher, 'onEvent'> {
  /** Waits until all is told, but only so many milliseconds. */
  close(patience: number): Promise<void>;
}

/** Begins to tell all watchers of a run. Nothing that goes wrong with them gets out. */
export function followRun(job: WatchedJob, {watchers = []}: Pick<JobTools, 'watchers'>): Followers {
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
    async close(patience) {
      const closed = Promise.allSettled(all.map(async (watcher) => watcher.close()));
      const late = new Promise((resolve) => {
        within(patience).addEventListener('abort', resolve, {once: true});
      });
      if (all.length > 0) await Promise.race([closed, late]);
    },
  };
}
