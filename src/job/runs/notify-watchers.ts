import {atMost} from '../../base/within.ts';
import type {JobEvent, JobWatcher, WatchedJob, WatchJob} from '../../model/job-events.ts';
import type {Progress} from '../../model/progress.ts';

/** All watchers of a run as one. */
interface Watchers extends Pick<JobWatcher, 'onEvent'> {
  /** Waits until the watchers have sent everything, at most this many milliseconds. */
  close(milliseconds: number): Promise<void>;
}

/** Begins to notify all watchers of a run. Their errors stay here. */
export function notifyWatchers(job: WatchedJob, watchers: readonly WatchJob[] = []): Watchers {
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
    close: (milliseconds) =>
      atMost(milliseconds, Promise.allSettled(all.map(async (watcher) => watcher.close()))),
  };
}
