import type {FullResult} from '../event.ts';
import {reportKey, runKey, runNumber, runsPrefix} from '../keys.ts';
import {persist} from '../persist.ts';
import {Trace} from '../runs/trace.ts';
import {readJson} from '../storage/json.ts';
import type {Storage} from '../storage/storage.ts';
import type {ContactSheet} from './contact-sheet.ts';
import {type ReportFilm, reportHtml} from './report-html.ts';

/** Which report, and of what. */
export interface ReportRequest {
  storage: Storage;
  jobId: string;
  /** Pictures of the film; left out where there are none. */
  contactSheet?: ContactSheet | undefined;
  /** Of a finished job. */
  result?: Omit<FullResult, 'resultUrl'> | undefined;
  signal: AbortSignal;
}

/** What became of a report. */
export interface WrittenReport {
  key: string;
  bytes: number;
}

/**
 * Writes `jobs/<jobId>/report.html` from the traces of all runs of the job.
 *
 * Undefined if no run has left a trace. Rejects with what the storage rejects with, or `Aborted`.
 */
export async function writeReport(request: ReportRequest): Promise<WrittenReport | undefined> {
  const {storage, jobId, result, contactSheet} = request;
  const traces = await readTraces(request);
  if (traces.length === 0) return undefined;
  const film = result && reportFilm(result, {storage, jobId});
  return put(request, reportHtml({traces, result, contactSheet, film}));
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
