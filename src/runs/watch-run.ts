import type {Cost, Invocation} from '../cost/bill.ts';
import {affordableEvery} from '../cost/billing.ts';
import {addCosts} from '../cost/cost.ts';
import {jobCost} from '../cost/job-cost.ts';
import {operationsOf} from '../cost/operations.ts';
import {RenderError, toRenderError} from '../errors.ts';
import type {FullRender, FullResult} from '../event.ts';
import type {JobEvent, JobTools} from '../job-tools.ts';
import {runKey} from '../keys.ts';
import type {ContactSheet} from '../report/contact-sheet.ts';
import {writeReport} from '../report/write-report.ts';
import {putJson} from '../storage/json.ts';
import {areLarge} from '../variables.ts';
import {VERSION} from '../version.ts';
import {within} from '../within.ts';
import {followRun} from './follow-run.ts';
import {ProgressKeeper} from './progress-file.ts';
import {Recorder} from './recorder.ts';
import type {JobPlace} from './records.ts';
import type {Run} from './run.ts';
import type {Trace} from './trace.ts';
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
}

/** A film's result as it is kept: an address that lives for an hour is not. */
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
  /** Adds up a run whose film is there, keeps what it did, and writes the job's report. Returns the film's whole result. */
  conclude(film: PublishedFilm): Promise<Result>;
  /** Tells everybody of the run's end, keeps what it did, and waits until all that is done. It never rejects. */
  end(end: RunEnd): Promise<void>;
}

/** Milliseconds between two writings of a job's progress, and the share of its cost that they may have at most. */
const [PROGRESS_EVERY, PROGRESS_SHARE] = [1_000, 0.005];
/** The same for what workers say of the frames that they have drawn. */
const [FRAMES_EVERY, FRAMES_SHARE] = [2_000, 0.013];
/** Milliseconds in which workers that nobody waits for any more notice that, and tell what they are billed for. */
const LAST_BILLS = 3_000;
/** Milliseconds that watchers have at the end of a run; less where the invocation itself has to end. */
const [PATIENCE, LATE_PATIENCE] = [30_000, 1_500];
/** Milliseconds that a run's trace, or the job's report, may take to be written. */
const RECORD_MILLISECONDS = 10_000;

/** Begins to follow a run. */
export function watchRun({place, run, request, tools, own}: WatchOptions): RunWatch {
  const {storage, jobId} = place;
  const {costOf, engine, onEvent = () => {}} = tools;
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

  const began = run.claim.began ?? Date.now();
  const tracker = new ProgressTracker({before: run.before, began, cost: () => cost()?.total});
  run.tell = () => tracker.progress;
  const places = () => Math.min(tracker.progress.chunks, tools.concurrency ?? engine.concurrency) + 1;
  const every = () => {
    if (!costOf || !own) return PROGRESS_EVERY;
    const budget = {invocations: places(), share: PROGRESS_SHARE, atLeast: PROGRESS_EVERY};
    return affordableEvery({costOf, invocation: own(), ...budget});
  };
  const keeper = new ProgressKeeper({place, run, every});
  const followers = followRun({jobId, run: run.number, request}, tools);

  const tell = (event: JobEvent) => {
    recorder.hear(event);
    if (tracker.hear(event)) keeper.wake();
    followers.onEvent(event, tracker.progress);
    onEvent(event);
  };

  const keepTrace = async ({outcome, error}: Pick<Trace, 'outcome'> & {error?: RenderError | undefined}) => {
    const spent = ownCost();
    const trace: Trace = {
      ...{jobId, run: run.number, version: VERSION, engine: engine.name, outcome},
      ...(error && {error: {errorType: error.name, errorMessage: error.message}}),
      ...{request: shownRequest(request), ...recorder.trace()},
      ...(spent && {cost: spent}),
    };
    await putJson(runKey(jobId, run.number, 'trace'), trace, {storage, signal: within(RECORD_MILLISECONDS)});
  };
  /** Does what the job would be no worse without. */
  const tryTo = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      tell({state: 'unreported', error: toRenderError(error)});
      return undefined;
    }
  };
  const report = (of: {result?: Result; contactSheet?: ContactSheet}) =>
    writeReport({storage, jobId, signal: within(RECORD_MILLISECONDS), ...of});

  return {
    onEvent: tell,

    async conclude({result: made, sheet}) {
      await Promise.all([engine.settle?.(LAST_BILLS), added]);
      const all = cost();
      const result = {...made, ...(all && {cost: all})};
      await tryTo(() => keepTrace({outcome: 'finished'}));
      if (sheet instanceof RenderError) tell({state: 'unreported', error: sheet});
      const of = {result, ...(!(sheet instanceof RenderError) && {contactSheet: sheet})};
      const written = await tryTo(() => report(of));
      return {...result, ...(written && {reportKey: written.key})};
    },

    async end({outcome, error}) {
      const isOurs = error?.name !== 'JobTakenOver';
      if (error && isOurs) tell({state: 'failed', error});
      const isLate = error?.name === 'TimedOut';
      // Whoever goes on with the job asks the workers that still draw.
      await engine.settle?.(outcome === 'failed' && !isLate ? LAST_BILLS : 0);
      const keep = async () => {
        if (outcome === 'finished') return;
        const reached = error?.name === 'Cancelled' ? 'cancelled' : outcome;
        await tryTo(() => keepTrace({outcome: reached, error}));
        if (isOurs && outcome === 'failed') await tryTo(() => report({}));
      };
      await Promise.allSettled([
        keep(),
        keeper.close({last: isOurs && outcome !== 'handedOver'}),
        followers.close(isLate ? LATE_PATIENCE : PATIENCE),
      ]);
    },
  };
}

/** What the runs before this one have cost; undefined if nobody can tell. */
async function costBefore(place: JobPlace, number: number): Promise<Cost | undefined> {
  const {runs} = await jobCost(place);
  return addCosts(runs.flatMap(({run, cost}) => (run < number && cost ? [cost] : [])));
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

/** The event as it may be kept: without what it signs with, and without variables that are kept elsewhere. */
function shownRequest({webhook, variables, ...request}: FullRender): Record<string, unknown> {
  const carried = areLarge(variables) ? {variables: {}, variablesStored: true} : {variables};
  return {...request, ...carried, ...(webhook && {webhook: {...webhook, secret: undefined}})};
}
