import {jobCost} from '../../job/job-cost.ts';
import type {ReportRequest, WrittenReport} from '../../job/job-report.ts';
import {reportKey, runKey, runNumber, runsPrefix} from '../../model/keys.ts';
import type {FullResult} from '../../model/result.ts';
import {Trace} from '../../model/trace.ts';
import {listAll} from '../../storage/list-all.ts';
import {readRecord} from '../../storage/record.ts';
import {type ReportFilm, reportHtml} from './report-html.ts';
import type {Unrecorded} from './tables.ts';

/**
 * Writes `jobs/<jobId>/report.html` from the traces of all runs of the job.
 *
 * Undefined if no run has left a trace. Rejects with what the storage rejects with, or `Aborted`.
 */
export async function writeReport(request: ReportRequest): Promise<WrittenReport | undefined> {
  const {storage, jobId, result, contactSheet} = request;
  const {traces, runs} = await readTraces(request);
  if (traces.length === 0) return undefined;
  const film = result && reportFilm(result, {storage, jobId});
  const unrecorded = traces.length < runs ? await askUnrecorded(request, runs - traces.length) : undefined;
  return put(request, reportHtml({traces, unrecorded, result, contactSheet, film}));
}

/** Finds the runs that left no trace. If that fails, the report is written without them. */
async function askUnrecorded(
  {storage, jobId, signal, current}: ReportRequest,
  missing: number,
): Promise<Unrecorded> {
  try {
    const {runs} = await jobCost({storage, jobId, signal});
    // Some jobs were cancelled before their first run.
    const unrecorded = runs.filter(({run, estimated}) => estimated && run !== current?.run);
    return {runs: unrecorded.length, cost: unrecorded.reduce((sum, {cost}) => sum + (cost?.total ?? 0), 0)};
  } catch {
    signal.throwIfAborted();
    return {runs: missing, cost: 0};
  }
}

/** A job's traces, and how many runs it has had. Rejects as `Storage.list` and `Storage.get` do. */
async function readTraces({
  storage,
  jobId,
  signal,
  current,
}: ReportRequest): Promise<{traces: Trace[]; runs: number}> {
  const listed = await listAll(runsPrefix(jobId), {storage, signal});
  const last = Math.max(0, ...listed.map(({key}) => runNumber(key) ?? 0));
  const reading = Array.from({length: last}, (_, index) => {
    if (current?.run === index + 1) return current;
    const key = runKey(jobId, index + 1, 'trace');
    return readRecord(key, {storage, signal});
  });
  const traces = (await Promise.all(reading)).flatMap((value) => Trace.safeParse(value).data ?? []);
  return {traces, runs: last};
}

async function put({storage, jobId, signal}: ReportRequest, body: string): Promise<WrittenReport> {
  const key = reportKey(jobId);
  const contentType = 'text/html; charset=utf-8';
  await storage.put(key, body, {contentType, signal});
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
