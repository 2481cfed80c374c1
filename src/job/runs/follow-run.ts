import {atMost} from '../../base/within.ts';
import type {JobEvent, JobWatcher, WatchedJob} from '../../model/job-events.ts';
import type {Progress} from '../../model/progress.ts';
import type {JobTools} from '../job-tools.ts';

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
    close: (patience) => atMost(patience, Promise.allSettled(all.map(async (watcher) => watcher.close()))),
  };
}
