import type {ContactSheet} from '../media/contact-sheet.ts';
import type {FullResult} from '../model/result.ts';
import type {Trace} from '../model/trace.ts';
import type {Storage} from '../storage/storage.ts';

/** Which report, and of what. */
export interface ReportRequest {
  storage: Storage;
  jobId: string;
  /** The trace of the run that ends now, which is not stored yet. */
  current?: Trace | undefined;
  /** Pictures of the film; left out where there are none. */
  contactSheet?: ContactSheet | undefined;
  /** The result of a finished job. */
  result?: Omit<FullResult, 'resultUrl'> | undefined;
  signal: AbortSignal;
}

/** The outcome of writing a report. */
export interface WrittenReport {
  key: string;
  bytes: number;
}

/** Writes a job's report. The job is no worse without one. */
export type WriteReport = (request: ReportRequest) => Promise<WrittenReport | undefined>;
