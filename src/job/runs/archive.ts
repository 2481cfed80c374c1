import {RenderError, toRenderError} from '../../base/errors.ts';
import {VERSION} from '../../base/version.ts';
import type {ContactSheet} from '../../media/contact-sheet.ts';
import type {JobOrder} from '../../model/event.ts';
import type {JobEvent} from '../../model/job-events.ts';
import {runKey} from '../../model/keys.ts';
import type {Trace} from '../../model/trace.ts';
import {putRecord} from '../../storage/record.ts';
import type {JobPorts} from '../ports.ts';
import type {Recorder} from './recorder.ts';
import type {RunCost} from './run-cost.ts';
import {shownRequest} from './shown-request.ts';
import type {KeptResult} from './taken.ts';

/** How a run ended, for its trace. */
export interface TraceEnd extends Pick<Trace, 'outcome'> {
  error?: RenderError | undefined;
}

/** A finished film, for its report. */
interface ReportedFilm {
  result: KeptResult;
  /** Pictures of the film, or why there are none. */
  sheet: ContactSheet | RenderError;
}

/** The sources of an archive. */
interface Sources {
  order: JobOrder;
  /** 1 for the first run of the job. */
  number: number;
  recorder: Recorder;
  cost: RunCost;
  emit: (event: JobEvent) => void;
}

/** Stores what a run did: its trace, and the job's report. A job is complete without them, so failures are only noted. */
export class RunArchive {
  readonly #sources: Sources;
  readonly #ports: JobPorts;
  #hasSpent = false;

  constructor(sources: Sources, ports: JobPorts) {
    this.#sources = sources;
    this.#ports = ports;
  }

  /** Stores the run's trace. */
  async storeTrace(end: TraceEnd, signal: AbortSignal): Promise<void> {
    const {order, number, emit} = this.#sources;
    await this.#try(async () => {
      const trace = this.#trace(end);
      if (trace.cost && !this.#hasSpent) emit({state: 'spent', cost: trace.cost});
      this.#hasSpent = true;
      const key = runKey(order.jobId, number, 'trace');
      await putRecord(key, trace, {storage: this.#ports.storage, signal});
    });
  }

  /** Stores the report of a job that has failed. */
  async storeReport(signal: AbortSignal): Promise<void> {
    const {storage, writeReport} = this.#ports;
    const {jobId} = this.#sources.order;
    await this.#try(() => writeReport?.({storage, jobId, signal}));
  }

  /** Stores the report of a finished job. Returns the report's key; undefined where there is no report. */
  async storeFilmReport({result, sheet}: ReportedFilm, signal: AbortSignal): Promise<string | undefined> {
    const {storage, writeReport} = this.#ports;
    const {order, emit} = this.#sources;
    if (sheet instanceof RenderError) emit({state: 'unreported', error: sheet});
    const contactSheet = sheet instanceof RenderError ? undefined : sheet;
    const written = await this.#try(async () => {
      const current = this.#trace({outcome: 'finished'});
      return writeReport?.({storage, jobId: order.jobId, signal, current, result, contactSheet});
    });
    return written?.key;
  }

  #trace({outcome, error}: TraceEnd): Trace {
    const {order, number, recorder, cost} = this.#sources;
    const spent = cost.ofRun();
    return {
      jobId: order.jobId,
      run: number,
      version: VERSION,
      engine: this.#ports.engine.name,
      outcome,
      ...(error && {error: {errorType: error.name, errorMessage: error.message}}),
      request: shownRequest(order),
      ...recorder.trace(),
      ...(spent && {cost: spent}),
    };
  }

  async #try<T>(work: () => Promise<T> | undefined): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      this.#sources.emit({state: 'unreported', error: toRenderError(error)});
      return undefined;
    }
  }
}
