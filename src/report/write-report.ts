import type {FullResult} from '../event.ts';
import {reportKey, runKey, runNumber, runsPrefix} from '../keys.ts';
import {persist} from '../persist.ts';
import {Trace} from '../runs/trace.ts';
import {readJson} from '../storage/json.ts';
import type {Storage} from '../storage/storage.ts';
import {type ContactSheet, makeContactSheet} from './contact-sheet.ts';
import {type ReportFilm, reportHtml} from './report-html.ts';

/** Which report, and of what. */
export interface ReportRequest {
  storage: Storage;
  jobId: string;
  /** The film as a file, for the contact sheet; left out where there is none, or none any more. */
  film?: string | undefined;
  /** A contact sheet that was made before, while there was a file. */
  contactSheet?: ContactSheet | undefined;
  /** Of a finished job. */
  result?: Omit<FullResult, 'resultUrl'> | undefined;
  /** Where files may be written; the caller removes it. */
  directory: string;
  signal: AbortSignal;
}

/** What became of a report. */
export interface WrittenReport {
  key: string;
  bytes: number;
  /** Why it has no contact sheet, although there is a film. */
  sheetError?: unknown;
}

/**
 * Writes `jobs/<jobId>/report.html` from the traces of all runs of the job. A film that no pictures can be taken from is
 * no reason to write none; the answer says why then.
 *
 * Undefined if no run has left a trace. Rejects with what the storage rejects with, or `Aborted`.
 */
export async function writeReport(request: ReportRequest): Promise<WrittenReport | undefined> {
  const {storage, jobId, result, signal} = request;
  const traces = await readTraces(request);
  const timeline = traces.at(-1)?.film;
  if (!timeline) return traces.length > 0 ? put(request, reportHtml({traces})) : undefined;
  let {contactSheet} = request;
  let sheetError: unknown;
  if (request.film && !contactSheet) {
    try {
      contactSheet = await makeContactSheet({...request, film: request.film, timeline});
    } catch (error) {
      signal.throwIfAborted();
      sheetError = error;
    }
  }
  const film = result && reportFilm(result, {storage, jobId});
  const written = await put(request, reportHtml({traces, result, contactSheet, film}));
  return {...written, ...(sheetError !== undefined && {sheetError})};
}

/** A job's traces, those of its runs that left none left out. Rejects as `Storage.list` and `Storage.get` do. */
export async function readTraces({
  storage,
  jobId,
  signal,
}: Pick<ReportRequest, 'storage' | 'jobId' | 'signal'>): Promise<Trace[]> {
  const listed = await persist(() => storage.list(runsPrefix(jobId)), {signal});
  const last = Math.max(0, ...listed.map(({key}) => runNumber(key) ?? 0));
  const reading = Array.from({length: last}, (_, index) => {
    const key = runKey(jobId, index + 1, 'trace');
    return persist(() => readJson(key, {storage, signal}), {signal});
  });
  return (await Promise.all(reading)).flatMap((value) => Trace.safeParse(value).data ?? []);
}

async function put({storage, jobId, signal}: ReportRequest, body: string): Promise<WrittenReport> {
  const key = reportKey(jobId);
  const contentType = 'text/html; charset=utf-8';
  await persist(() => storage.put(key, body, {contentType, signal}), {signal});
  return {key, bytes: Buffer.byteLength(body)};
}

/** A film of the same bucket is found from the report by itself, in a folder as in a copy of the bucket. */
function reportFilm(
  {bucket, key}: Pick<FullResult, 'bucket' | 'key'>,
  {storage, jobId}: Pick<ReportRequest, 'storage' | 'jobId'>,
): ReportFilm {
  const up = '../'.repeat(reportKey(jobId).split('/').length - 1);
  const href = up + key.split('/').map(encodeURIComponent).join('/');
  return {bucket, key, ...(bucket === storage.bucket && {href})};
}
