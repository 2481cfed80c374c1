import {randomUUID} from 'node:crypto';
import {readFile} from 'node:fs/promises';
import {fileURLToPath} from 'node:url';
import type {LambdaClient} from '@aws-sdk/client-lambda';
import type {FastifyInstance, FastifyReply} from 'fastify';
import {RenderError, toPayload} from '../../base/errors.ts';
import {invoke} from '../../engines/lambda/invoke.ts';
import {cancelJob} from '../../job/cancel-job.ts';
import {type JobStatus, jobStatus} from '../../job/job-status.ts';
import {listJobs} from '../../job/list-jobs.ts';
import {JOB_ID} from '../../model/event.ts';
import {progressKey} from '../../model/keys.ts';
import {parseEvent} from '../../model/parse-event.ts';
import {ProgressFile} from '../../model/progress.ts';
import type {ProjectVariables} from '../../model/timeline.ts';
import {readRecord} from '../../storage/record.ts';
import type {Storages} from '../../storage/storages.ts';
import {statusOf} from '../handler/http.ts';
import {addFiles, type Kept, SHOWN} from './files.ts';
import {refusal} from './guard.ts';

/** The contents and actions of the page. */
export interface PageOptions extends Kept, Storages {
  /** The function that renders, and how it is reached. */
  functionName: string;
  lambda: () => LambdaClient;
  /** The project's name, and its variables. */
  projectName: string;
  readVariables: (signal: AbortSignal) => Promise<ProjectVariables>;
  /** Ends what is under way. */
  signal: AbortSignal;
}

const STATIC = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/page/page.css': ['page.css', 'text/css; charset=utf-8'],
  '/page/job.css': ['job.css', 'text/css; charset=utf-8'],
  '/page/fields.js': ['fields.js', 'text/javascript; charset=utf-8'],
  '/page/page.js': ['page.js', 'text/javascript; charset=utf-8'],
} as const;

/** Jobs that are listed at most. */
const LISTED = 50;

/** Milliseconds in which the project has to say what its variables are. */
const READING = 120_000;

/** The page at the service's root: asks for a film, shows how far it is, plays it, and lists what was asked before. */
export async function addPage(app: FastifyInstance, options: PageOptions): Promise<void> {
  const {storage, directory, projectName, signal} = options;
  // Without credentials there is no address; the caller that asks for a film gets the error.
  const place = directory ? undefined : await storage.url('renders/x').catch(() => undefined);
  const media = place ? `'self' ${new URL(place).origin}` : "'self'";
  const policy = `default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; media-src ${media}; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
  app.addHook('onRequest', async ({method, headers}, reply) => {
    const why = refusal({method, headers});
    if (why) return reply.code(403).type('text/plain').send(`${why}\n`);
    reply.headers({
      'Content-Security-Policy': policy,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Resource-Policy': 'same-origin',
    });
  });
  app.setErrorHandler((error, _request, reply) => sendError(reply, error));

  for (const [path, [file, type]] of Object.entries(STATIC)) {
    const body = await readFile(fileURLToPath(new URL(`./page/${file}`, import.meta.url)));
    app.get(path, (_request, reply) => reply.type(type).header('Cache-Control', 'no-cache').send(body));
  }
  addFiles(app, options);

  let variables: Promise<ProjectVariables> | undefined;
  app.get('/page/project', async () => {
    variables ??= options.readVariables(AbortSignal.any([signal, AbortSignal.timeout(READING)]));
    // The cause of a failure may be gone before the next attempt.
    variables.catch(() => {
      variables = undefined;
    });
    return {name: projectName, ...(await variables)};
  });

  app.get('/page/jobs', async () => {
    const {jobs} = await listJobs({storage, storageFor: options.storageFor, most: LISTED}, signal);
    return jobs;
  });

  app.post('/page/jobs', async ({body}, reply) => {
    if (typeof body !== 'object' || body === null || Array.isArray(body))
      throw new RenderError('BadEvent', 'Send a JSON object.');
    const jobId = randomUUID();
    const event = parseEvent({...body, jobType: 'fullRender', jobId});
    const call = {functionName: options.functionName, type: 'Event', signal} as const;
    const {$metadata} = await invoke(options.lambda(), {...call, payload: JSON.stringify(event)});
    return reply.code(202).send({jobId, invocation: $metadata.requestId});
  });

  app.post<{Params: {jobId: string}}>('/page/jobs/:jobId/cancel', ({params: {jobId}}) => {
    // Only for its check of the jobId.
    parseEvent({jobType: 'cancel', jobId});
    return cancelJob({jobType: 'cancel', jobId}, {storage, storageFor: options.storageFor}, signal);
  });

  type Ask = {Params: {jobId: string}; Querystring: {invocation?: string}};
  app.get<Ask>('/page/jobs/:jobId', async ({params: {jobId}, query: {invocation}}, reply) => {
    if (!JOB_ID.test(jobId)) return reply.callNotFound();
    const asked = parseEvent({jobType: 'status', jobId, ...(invocation && {invocation})});
    if (asked.jobType !== 'status') return reply.callNotFound();
    const status = await jobStatus(asked, {storage, storageFor: options.storageFor}, signal);
    // A heartbeat only comes every 2 s.
    const fresh = status.state === 'running' && (await readRecord(progressKey(jobId), {storage, signal}));
    const reported = ProgressFile.safeParse(fresh).data;
    const progress = reported?.run === status.run ? reported : status.progress;
    return {...status, progress, film: filmAddress(status.result, directory)};
  });
}

/** Where the page plays a film; undefined where it cannot: a page may not read what lies at a file's address. */
function filmAddress(film: JobStatus['result'], directory: string | undefined): string | undefined {
  if (!film || !directory) return film?.resultUrl;
  return SHOWN.test(film.key) ? `/files/${film.key}` : undefined;
}

/** An error in the shape that failed invocations have. */
function sendError(reply: FastifyReply, error: unknown): FastifyReply {
  // A request that fastify refuses is its sender's mistake, not a defect: a body that is not JSON, or is too
  // large.
  const {statusCode = 500} = error as {statusCode?: number};
  const isRefused = !(error instanceof RenderError) && statusCode >= 400 && statusCode < 500;
  const ours = isRefused
    ? new RenderError('BadEvent', `The request cannot be used: ${messageOf(error)}.`)
    : error;
  const {errorType, errorMessage} = toPayload(ours);
  const code = isRefused ? statusCode : statusOf(ours);
  return reply.code(code).type('application/json').send({errorType, errorMessage});
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
