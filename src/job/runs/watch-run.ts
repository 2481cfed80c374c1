import type {RenderError} from '../../base/errors.ts';
import {atMost, within} from '../../base/within.ts';
import {usageSince} from '../../cost/storage-usage.ts';
import type {ContactSheet} from '../../media/contact-sheet.ts';
import type {JobOrder} from '../../model/event.ts';
import type {JobEvent} from '../../model/job-events.ts';
import {DEFAULT_MAX_COST} from '../../model/max-cost.ts';
import {NOTHING_DRAWN} from '../../model/progress.ts';
import type {JobContext} from '../context.ts';
import type {JobPolicy} from '../policy.ts';
import type {JobPorts} from '../ports.ts';
import {CONCLUSION, ENDING, HANDING_OVER, LAST_BILLS, RESERVE, RETURN} from '../timing.ts';
import {RunArchive} from './archive.ts';
import {Budget} from './budget.ts';
import {InFlight} from './in-flight.ts';
import {notifyWatchers} from './notify-watchers.ts';
import {ProgressKeeper} from './progress-file.ts';
import {Recorder} from './recorder.ts';
import type {JobRecords} from './records.ts';
import {progressEvery} from './report-every.ts';
import {Run} from './run.ts';
import {RunCost} from './run-cost.ts';
import type {ClaimedRun, KeptResult} from './taken.ts';
import {ProgressTracker} from './track-progress.ts';

/** A film that is published. */
export interface PublishedFilm {
  result: KeptResult;
  /** Pictures of the film, or why there are none. */
  sheet: ContactSheet | RenderError;
}

/** How a run ended. */
export interface RunEnd {
  outcome: 'finished' | 'failed' | 'handedOver';
  /** The reason of a failed run. */
  error?: RenderError;
}

/** A run, its event stream, and its observers. */
export interface WatchedRun {
  run: Run;
  inFlight: InFlight;
  tracker: ProgressTracker;
  /** The stream: every event of the run passes here, to each observer in turn. */
  emit: (event: JobEvent) => void;
  /** Waits until the cost of earlier runs is known. Rejects with `MaxCostReached` if the job has reached its limit. */
  afford(): Promise<void>;
  /** Adds up the run of a published film, and stores its trace and the job's report. Returns the film's whole result. */
  conclude(film: PublishedFilm): Promise<KeptResult>;
  /** Emits the end of the run, stores its trace, and waits until all observers are done. Never rejects. */
  end(end: RunEnd): Promise<void>;
}

/** Starts the heartbeats of a claimed run, and its observers. */
export function watchRun(
  {order, place, claimed}: {order: JobOrder; place: JobRecords; claimed: ClaimedRun},
  ports: JobPorts,
  policy: JobPolicy,
  {own, left = () => Infinity}: JobContext,
): WatchedRun {
  const {jobId} = order;
  const {costOf, engine} = ports;
  const {number, before = NOTHING_DRAWN} = claimed;

  const recorder = new Recorder({own, storage: usageSince(ports.storage)});
  const cost = new RunCost(place, number, {costOf, own, recorder});
  const tracker = new ProgressTracker({before, cost: () => cost.dollars()});
  const inFlight = new InFlight();
  const run = new Run(place, claimed, () => ({progress: tracker.progress, starved: inFlight.starved}));
  const every = () => progressEvery(ports, own, tracker.running);
  const keeper = new ProgressKeeper({place, run, progress: () => tracker.progress, every});
  const watchers = notifyWatchers({jobId, run: number, request: order}, ports.watchers);

  const observers = [
    (event: JobEvent) => recorder.observe(event),
    (event: JobEvent) => inFlight.observe(event),
    (event: JobEvent) => tracker.observe(event) && keeper.wake(),
    (event: JobEvent) => watchers.onEvent(event, tracker.recent),
    (event: JobEvent) => ports.onEvent?.(event),
    (event: JobEvent) => budget?.observe(event),
  ];
  const emit = (event: JobEvent) => {
    for (const observe of observers) observe(event);
  };
  const archive = new RunArchive({order, number, recorder, cost, emit}, ports);
  const maxCost = order.maxCost ?? policy.maxCost ?? DEFAULT_MAX_COST;
  const spent = () => cost.ofJob()?.total;
  const progress = () => tracker.recent;
  const limit = costOf &&
    own && {order, maxCost, spent, progress, framesBefore: before.framesDrawn, own, costOf};
  const budget = limit && new Budget(limit, {stop: (reason) => run.stop(reason), emit});

  let isOver = false;
  const end = async ({outcome, error}: RunEnd) => {
    if (isOver) return;
    isOver = true;
    budget?.close();
    const most = Math.max(0, Math.min(outcome === 'handedOver' ? HANDING_OVER : ENDING, left() - RETURN));
    const signal = within(most);
    const isOurs = error?.name !== 'JobTakenOver';
    const store = async () => {
      if (outcome === 'finished') return;
      // After a hand-over, the next invocation finds what the workers that still render cost.
      await engine.settle?.(outcome === 'failed' ? Math.min(LAST_BILLS, most / 3) : 0);
      await archive.storeTrace({outcome: error?.name === 'Cancelled' ? 'cancelled' : outcome, error}, signal);
      if (isOurs && outcome === 'failed') await archive.storeReport(signal);
    };
    const all = async () => {
      if (error && isOurs) emit({state: 'failed', error});
      const last = isOurs && outcome !== 'handedOver';
      await Promise.allSettled([store(), keeper.close({last})]);
      // At the end, so that the watchers know the run's cost.
      await watchers.close(most);
    };
    await atMost(most, all());
  };

  return {
    run,
    inFlight,
    tracker,
    emit,
    end,

    async afford() {
      await cost.known;
      const error = budget?.check();
      if (error) throw error;
    },

    async conclude({result: made, sheet}) {
      const most = Math.min(CONCLUSION, left() - RESERVE);
      await atMost(most, Promise.all([engine.settle?.(Math.min(LAST_BILLS, most)), cost.known]));
      const withCost = (): KeptResult => {
        const all = cost.ofJob();
        return {...made, ...(all && {cost: all})};
      };
      if (most <= 0) return withCost();
      const signal = within(most);
      const reportKey = await archive.storeFilmReport({result: withCost(), sheet}, signal);
      // Writing the report has cost a little, too.
      const result = {...withCost(), ...(reportKey && {reportKey})};
      await archive.storeTrace({outcome: 'finished'}, signal);
      return result;
    },
  };
}
