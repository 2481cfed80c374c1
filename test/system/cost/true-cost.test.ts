import {fileURLToPath} from 'node:url';
import {afterAll, beforeAll, expect, it, onTestFinished} from 'vitest';
import {startService} from '../../../local-lambda/service.ts';
import {createClient} from '../../../src/apps/client/create-client.ts';
import {pause} from '../../../src/base/pause.ts';
import {priceUsage} from '../../../src/cost/price-usage.ts';
import {pricesOf} from '../../../src/cost/prices.ts';
import {ARCHITECTURE} from '../../../src/engines/lambda/own-invocation.ts';
import {type Report, readReport} from '../../../src/engines/lambda/report-line.ts';
import {jobCost} from '../../../src/job/job-cost.ts';
import {type JobStatus, jobStatus} from '../../../src/job/job-status.ts';
import {progressKey, runKey} from '../../../src/model/keys.ts';
import {ProgressFile} from '../../../src/model/progress.ts';
import {Trace} from '../../../src/model/trace.ts';
import {readJson} from '../../../src/storage/json.ts';
import {s3Storage} from '../../../src/storage/s3/s3.ts';
import {scratch} from '../../support/processes.ts';
import {type S3TestServer, startS3Server} from '../../support/s3-server.ts';

const file = fileURLToPath(new URL('../../support/cost/films.ts', import.meta.url));
const {signal} = new AbortController();
const FRAMES = 40;
let server: S3TestServer;
beforeAll(async () => {
  server = await startS3Server();
});
afterAll(() => server.close());

/**
 * Renders by the function behind the Invoke API. Only the bucket is asked how far it is, so that each REPORT line is one
 * of the job's.
 */
async function render({
  timeoutSeconds = 120,
  concurrency = 20,
  ...wishes
}: {
  timeoutSeconds?: number;
  concurrency?: number;
  [wish: string]: unknown;
}) {
  const bucket = await server.createBucket();
  const client = server.client();
  const storage = s3Storage({bucket, client});
  const {protocol, hostname, port} = (await client.config.endpoint?.()) ?? {hostname: ''};
  const credentials = await client.config.credentials();
  const reports: Report[] = [];
  let begun = 0;
  const written: string[] = [];
  const logs = (line: string) => {
    const report = readReport(line);
    if (report) reports.push(report);
    if (line.startsWith('START RequestId: ')) begun++;
    const [, key] = /PUT (jobs\/\S+)/.exec(line) ?? [];
    if (key) written.push(key);
  };
  const environment: Record<string, string> = {
    REVIDEO_BUCKET_NAME: bucket,
    AWS_ENDPOINT_URL_S3: `${protocol}//${hostname}:${port}`,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  };
  const handler = {file, exportName: 'handler'};
  const films = {name: 'films', handler, environment, memoryMb: 10_240, timeoutSeconds};
  const service = await startService({functions: [films], logs, concurrency});
  environment.AWS_ENDPOINT_URL_LAMBDA = service.url;
  onTestFinished(() => service.close());
  const caller = createClient({
    functionName: 'films',
    endpoint: service.url,
    region: 'us-east-1',
    credentials,
  });
  const {jobId} = await caller.start({numWorkers: 8, variables: {notes: scratch(), ...wishes}});
  const told: ProgressFile[] = [];
  let status: JobStatus;
  do {
    await pause(200);
    status = await jobStatus({jobType: 'status', jobId}, {storage}, signal);
    const kept = await readJson(progressKey(jobId), {storage, signal});
    if (kept !== undefined) told.push(ProgressFile.parse(kept));
  } while (!status.result && !status.error);
  // The orchestrators' own lines come last.
  const ids = async () => {
    const runs = Array.from({length: status.run}, (_, index) =>
      readJson(runKey(jobId, index + 1, 'trace'), {storage, signal}),
    );
    // One that came near its time limit may have left none.
    return (await Promise.all(runs)).flatMap((trace) => (trace === undefined ? [] : [Trace.parse(trace)]));
  };
  const traces = await ids();
  // Those that outlive the job as well, however long a busy machine takes for them.
  while (reports.length < begun) await pause(50);
  const kept = ProgressFile.parse(await readJson(progressKey(jobId), {storage, signal}));
  const cost = await jobCost({storage, jobId, signal});
  return {status, told: [...told, kept], traces, reports, written, cost};
}

/** The sum of the REPORT lines. */
const billed = (reports: readonly Report[]) =>
  priceUsage(
    reports.map(({id, billedMs, memoryMb}) => ({
      ...{provider: 'aws-lambda', id, kind: 'partialRender', billedMs, memoryMb, architecture: ARCHITECTURE},
      exact: true,
    })),
    {prices: pricesOf('eu-central-1')},
  );

const isWithin = (share: number, one: number | undefined, other: number) =>
  expect(Math.abs((one ?? 0) / other - 1)).toBeLessThan(share);

it('is the sum of all REPORT lines, of tries that fail, die or are doubled as well', async () => {
  const {status, told, traces, reports, written, cost} = await render({
    takes: 4_000,
    fails: {0: 'throws', 5: 'dies'},
    slow: {20: 60_000},
  });
  expect(status.result?.chunks).toMatchObject({rendered: 8, retried: 2, doubled: 1});
  const [trace] = traces;
  // The late chunk's frames are shared, in steps.
  const helpers = trace?.attempts.filter(({double}) => double).length ?? 0;
  expect(helpers).toBeGreaterThan(0);
  // Eight chunks, two further tries, the helpers, and the orchestrator.
  const invocations = 11 + helpers;
  expect(reports).toHaveLength(invocations);
  const sum = billed(reports);
  const {cost: told1} = status.result ?? {};
  expect(told1).toMatchObject({invocations, exact: true, prices: {region: 'eu-central-1'}});
  isWithin(0.01, told1?.compute, sum.compute);
  expect(told1?.requests).toBeCloseTo(sum.requests, 12);
  expect(told1?.storage).toBeGreaterThan(0);
  isWithin(0.01, cost.cost?.compute, sum.compute);

  const outcomes = trace?.attempts.map(({chunk, attempt, double, outcome}) => [
    chunk,
    attempt,
    double,
    outcome,
  ]);
  expect(outcomes).toEqual(
    expect.arrayContaining([
      [0, 1, false, 'failed'],
      [0, 2, false, 'done'],
      [1, 1, false, 'failed'],
      [4, 1, false, 'superseded'],
      [4, 1, true, 'done'],
    ]),
  );
  for (const {used} of trace?.attempts ?? []) expect(used?.exact).toBe(true);

  // Sent while they were drawn, and never backwards.
  expect(told.some(({cells}) => cells.some(({state}) => state === 'drawing'))).toBe(true);
  for (const [index, now] of told.slice(1).entries()) {
    const before = told[index] as ProgressFile;
    for (const name of ['framesDrawn', 'chunksDone', 'elapsedSeconds', 'bytes'] as const)
      expect(now[name]).toBeGreaterThanOrEqual(before[name]);
    expect(now.cost ?? 0).toBeGreaterThanOrEqual(before.cost ?? 0);
  }
  expect(told.at(-1)).toMatchObject({phase: 'done', frames: FRAMES, framesDrawn: FRAMES, chunksDone: 8});
  isWithin(0.01, told.at(-1)?.cost, told1?.total ?? 0);

  // All records of progress.
  const progress = written.filter((key) => /\/progress\.json$|\/drawn-/.test(key));
  expect(progress.filter((key) => key.includes('/drawn-')).length).toBeGreaterThan(0);
  const price = pricesOf('eu-central-1').write * progress.length;
  process.stderr.write(
    `Progress: ${progress.length} writes, ${((100 * price) / (told1?.total ?? 0)).toFixed(2)} % of the job.\n`,
  );
  expect(price).toBeLessThan(0.02 * (told1?.total ?? 0));
});

it('goes on with what the runs before it have cost, workers that outlived them included', async () => {
  const {status, told, traces, reports, cost} = await render({
    // It hands over after three quarters of it; the slow worker ends soon after, and would not on a machine that is too slow.
    timeoutSeconds: 24,
    takes: 300,
    slow: {0: 17_500},
  });
  // Once on a quiet machine, more often on a busy one, where a run that comes near its time limit may leave no trace.
  expect(status.result?.handedOver).toBeGreaterThanOrEqual(1);
  for (const {outcome} of traces) expect(['handedOver', 'finished']).toContain(outcome);
  // The orchestrator's own REPORT line is missing: it ends after it has reported its cost, and how much later
  // depends on the load.
  const workers = traces.flatMap(({attempts}) => attempts.flatMap(({used}) => used ?? []));
  const reportOf = (id: string) => reports.find((report) => report.id === id);
  for (const {id, billedMs, exact} of workers) if (exact) expect(billedMs).toBe(reportOf(id)?.billedMs);
  const certain = workers.flatMap(({id}) => reportOf(id) ?? []);
  expect(certain.length).toBeGreaterThan(0);
  for (const told of [status.result?.cost, cost.cost]) {
    expect(told?.compute).toBeGreaterThan(billed(certain).compute);
    if (told?.exact) expect(told.compute).toBeLessThan(1.01 * billed(reports).compute);
  }
  // Every run's orchestrator and every worker that is known; not one left behind whose chunk another one has drawn.
  expect(cost.cost?.invocations).toBeGreaterThanOrEqual(
    traces.length + new Set(workers.map(({id}) => id)).size,
  );
  expect(cost.cost?.invocations).toBeLessThanOrEqual(reports.length);
  for (const [index, now] of told.slice(1).entries())
    expect(now.cost ?? 0).toBeGreaterThanOrEqual(told[index]?.cost ?? 0);
});

it('counts a chunk once that the orchestrator has to draw by itself', async () => {
  const {status, traces, reports} = await render({concurrency: 1, takes: 1_000});
  expect(status.result?.chunks).toMatchObject({rendered: 8});
  expect(reports).toHaveLength(1);
  expect(status.result?.cost).toMatchObject({invocations: 1, exact: true});
  isWithin(0.1, status.result?.cost?.compute, billed(reports).compute);
  expect(traces[0]?.attempts.filter(({outcome}) => outcome === 'done')).toHaveLength(8);
});
