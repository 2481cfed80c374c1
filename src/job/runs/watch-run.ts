import {RenderError, toRenderError} from '../../base/errors.ts';
import {VERSION} from '../../base/version.ts';
import {atMost, within} from '../../base/within.ts';
import {affordableEvery} from '../../cost/billing.ts';
import {addCosts} from '../../cost/cost.ts';
import {operationsOf} from '../../cost/operations.ts';
import type {ContactSheet} from '../../media/contact-sheet.ts';
import type {Cost, Invocation} from '../../model/bill.ts';
import type {FullRender} from '../../model/event.ts';
import type {JobEvent} from '../../model/job-events.ts';
import {runKey} from '../../model/keys.ts';
import {DEFAULT_MAX_COST} from '../../model/max-cost.ts';
import type {FullResult} from '../../model/result.ts';
import type {Trace} from '../../model/trace.ts';
import {putRecord} from '../../storage/record.ts';
import {jobCost} from '../job-cost.ts';
import type {JobTools} from '../job-tools.ts';
import {followRun} from './follow-run.ts';
import {CostLimit} from './limit-cost.ts';
import {ProgressKeeper} from './progress-file.ts';
import {Recorder} from './recorder.ts';
import type {JobPlace} from './records.ts';
import type {Run} from './run.ts';
import {shownRequest} from './shown-request.ts';
import {ProgressTracker} from './track-progress.ts';

/** A run, and what is to be known to follow it. */
interface WatchOptions {
  place: JobPlace;
  run: Run;
  /** What was asked for, as it is sent on. */
  request: FullRender;
  tools: JobTools;
  /** What the orchestrator's invocation is billed for up to now. */
  own: (() => Invocation) | undefined;
  /** Milliseconds in which it has to have come to its end. */
  left: (() => number) | undefined;
}

/** A film's result as it is kept: an address that ends is not. */
export type Result = Omit<FullResult, 'resultUrl'>;

/** A film that is there. */
export interface PublishedFilm {
  result: Result;
  /** Some of its pictures, or why there are none. */
  sheet: ContactSheet | RenderError;
}

/** How a run ended. */
export interface RunEnd {
  outcome: 'finished' | 'failed' | 'handedOver';
  /** What it failed of. */
  error?: RenderError;
}

/** Follows one run: whatever is told of it passes here. */
export interface RunWatch {
  onEvent: (event: JobEvent) => void;
  /** Waits until it is known what earlier runs have cost. Rejects with `MaxCostReached` if that is as much as the job may cost. */
  afford(): Promise<void>;
  /** Adds up a run whose film is there, keeps what it did, and writes the job's report. Returns the film's whole result. */
  conclude(film: PublishedFilm): Promise<Result>;
  /** Tells everybody of the run's end, keeps what it did, and waits until all that is done. It never rejects. */
  end(end: RunEnd): Promise<void>;
}

/** Milliseconds between two writings of a job's progress, and the share of its cost that they may have at most. */
const [PROGRESS_EVERY, PROGRESS_SHARE] = [1_000, 0.005];
/** The same for what workers say of the frames that they have drawn. */
const [FRAMES_EVERY, FRAMES_SHARE] = [2_000, 0.013];
/** Milliseconds between two sums of what a run has cost so far: they grow with its attempts. */
const PRICE_EVERY = 1_000;
/** Milliseconds in which workers that nobody waits for any more notice that, and tell what they are billed for. */
const LAST_BILLS = 3_000;
/** Milliseconds that a film's result waits for bills, trace and report, and what has to be left for its own record then. */
const [CONCLUSION, RESERVE] = [8_000, 5_000];
/** Milliseconds that a run's end may take, and what has to be left for its answer. */
const [ENDING, RETURN] = [30_000, 700];
/** The same where another invocation is to be started after it. */
const HANDING_OVER = 1_500;

/** Begins to follow a run. */
export function watchRun({place, run, request, tools, own, left = () => Infinity}: WatchOptions): RunWatch {
  const {storage, jobId} = place;
  const {costOf, engine, writeReport, onEvent = () => {}} = tools;
  const recorder = new Recorder({invocation: own, operations: operationsOf(storage)});

  let earlier: Cost | undefined;
  const adding = costOf && run.number > 1 && costBefore(place, run.number);
  const added = Promise.resolve(adding).then(
    (cost) => {
      earlier = cost || undefined;
    },
    // What this run costs is known all the same.
    () => {},
  );
  const ownCost = () => (costOf && own ? costOf(recorder.usage()) : undefined);
  const cost = () => addCosts([earlier, ownCost()].filter((one) => one !== undefined));

  const priced = atMostEvery(PRICE_EVERY, () => cost()?.total);
  const tracker = new ProgressTracker({before: run.before, cost: priced});
  run.tell = () => tracker.progress;
  const every = () => {
    if (!costOf || !own) return PROGRESS_EVERY;
    const budget = {invocations: tracker.drawing + 1, share: PROGRESS_SHARE, atLeast: PROGRESS_EVERY};
    return affordableEvery({costOf, invocation: own(), ...budget});
  };
  const keeper = new ProgressKeeper({place, run, every});
  const followers = followRun({jobId, run: run.number, request}, tools);

  const limit =
    costOf &&
    own &&
    new CostLimit({
      ...{run, request, own, costOf, maxCost: request.maxCost ?? tools.maxCost ?? DEFAULT_MAX_COST},
      ...{spent: () => cost()?.total, progress: () => tracker.recent, onEvent: (event) => tell(event)},
    });

  const tell = (event: JobEvent) => {
    recorder.hear(event);
    if (tracker.hear(event)) keeper.wake();
    followers.onEvent(event, tracker.recent);
    onEvent(event);
    limit?.hear(event);
  };

  let [isOver, hasSpent] = [false, false];
  const traceOf = ({outcome, error}: TraceEnd): Trace => {
    const spent = ownCost();
    return {
      ...{jobId, run: run.number, version: VERSION, engine: engine.name, outcome},
      ...(error && {error: {errorType: error.name, errorMessage: error.message}}),
      ...{request: shownRequest(request), ...recorder.trace()},
      ...(spent && {cost: spent}),
    };
  };
  const keepTrace = async (end: TraceEnd, signal: AbortSignal) => {
    const trace = traceOf(end);
    if (trace.cost && !hasSpent) tell({state: 'spent', cost: trace.cost});
    hasSpent = true;
    await putRecord(runKey(jobId, run.number, 'trace'), trace, {storage, signal});
  };
  /** Does what the job would be no worse without. */
  const tryTo = async <T>(work: () => Promise<T> | undefined): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      tell({state: 'unreported', error: toRenderError(error)});
      return undefined;
    }
  };

  return {
    onEvent: tell,

    async afford() {
      await added;
      const error = limit?.look();
      if (error) throw error;
    },

    async conclude({result: made, sheet}) {
      const most = Math.min(CONCLUSION, left() - RESERVE);
      await atMost(most, Promise.all([engine.settle?.(Math.min(LAST_BILLS, most)), added]));
      const withCost = (): Result => {
        const all = cost();
        return {...made, ...(all && {cost: all})};
      };
      if (most <= 0) return withCost();
      const signal = within(most);
      const end: TraceEnd = {outcome: 'finished'};
      if (sheet instanceof RenderError) tell({state: 'unreported', error: sheet});
      const contactSheet = sheet instanceof RenderError ? undefined : sheet;
      const of = {current: traceOf(end), result: withCost(), contactSheet};
      const written = await tryTo(() => writeReport?.({storage, jobId, signal, ...of}));
      // The report has taken its time too.
      const result = {...withCost(), ...(written && {reportKey: written.key})};
      await tryTo(() => keepTrace(end, signal));
      return result;
    },

    async end({outcome, error}) {
      if (isOver) return;
      isOver = true;
      limit?.close();
      const most = Math.max(0, Math.min(outcome === 'handedOver' ? HANDING_OVER : ENDING, left() - RETURN));
      const signal = within(most);
      const isOurs = error?.name !== 'JobTakenOver';
      const reached = error?.name === 'Cancelled' ? 'cancelled' : outcome;
      const keep = async () => {
        if (outcome === 'finished') return;
        // Whoever goes on with the job asks the workers that still draw.
        await engine.settle?.(outcome === 'failed' ? Math.min(LAST_BILLS, most / 3) : 0);
        await tryTo(() => keepTrace({outcome: reached, error}, signal));
        if (isOurs && outcome === 'failed') await tryTo(() => writeReport?.({storage, jobId, signal}));
      };
      const all = async () => {
        if (error && isOurs) tell({state: 'failed', error});
        const last = isOurs && outcome !== 'handedOver';
        await Promise.allSettled([keep(), keeper.close({last})]);
        // Last, so that they have heard what it has cost.
        await followers.close(most);
      };
      await atMost(most, all());
    },
  };
}

/** How a run ended, for its trace. */
interface TraceEnd extends Pick<Trace, 'outcome'> {
  error?: RenderError | undefined;
}

/** What a function returns, asked at most so often. */
function atMostEvery<T>(milliseconds: number, ask: () => T): () => T {
  let [asked, last] = [-Infinity, undefined as T | undefined];
  return () => {
    if (last !== undefined && performance.now() - asked < milliseconds) return last;
    asked = performance.now();
    last = ask();
    return last;
  };
}

/** What the runs before this one have cost. */
async function costBefore(place: JobPlace, number: number): Promise<Cost | undefined> {
  const runs = (await jobCost(place)).runs.filter(({run}) => run < number);
  const cost = addCosts(runs.flatMap(({cost}) => cost ?? []));
  return cost && {...cost, exact: cost.exact && !runs.some(({estimated}) => estimated)};
}

/** Milliseconds between two words of a worker of how many frames it has drawn; undefined where it need not say so. */
export function tellEvery(
  {costOf, engine}: Pick<JobTools, 'costOf' | 'engine'>,
  own: (() => Invocation) | undefined,
): number | undefined {
  if (!engine.tellsByStorage) return undefined;
  if (!costOf || !own) return FRAMES_EVERY;
  const budget = {share: FRAMES_SHARE, atLeast: FRAMES_EVERY};
  return affordableEvery({costOf, invocation: own(), invocations: 1, ...budget});
}
