import {realpath} from 'node:fs/promises';
import {join, sep} from 'node:path';
import {text} from 'node:stream/consumers';
import type {FastifyInstance} from 'fastify';
import sirv from 'sirv';
import {JOB_ID} from '../../model/event.ts';
import {reportKey} from '../../model/keys.ts';
import {isNotFound} from '../../storage/json.ts';
import type {Storage} from '../../storage/storage.ts';

/** Where films and reports are kept. */
export interface Kept {
  storage: Storage;
  /** The storage's directory, where it is one. */
  directory?: string | undefined;
}

/** Keys of films and of the pictures next to them, also of those that are deleted after some days. */
export const SHOWN = /^renders(-\d+d)?\/(?!\.)[\w.-]+$/;

/** Films and pictures: what a browser shows, and runs nothing of. */
const PLAYED = /\.(?:mp4|m4v|mov|webm|mkv|gif|apng|png|jpe?g|webp|avif|mp3|m4a|aac|wav|flac|ogg|opus)$/i;
/** For all else that may lie beside a film: it is not this program's, and does nothing under the page's address. */
const INERT = {
  'Content-Type': 'application/octet-stream',
  'Content-Disposition': 'attachment',
  'Content-Security-Policy': "sandbox; default-src 'none'; frame-ancestors 'none'",
};

/**
 * The rights of a report: to show itself and to play the film. Its content comes from projects and events.
 */
const REPORT_POLICY = (media: string) =>
  `default-src 'none'; style-src 'unsafe-inline'; img-src data:; media-src 'self'${media}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/**
 * Serves films and reports with the same relative paths as in the storage, so that a report finds its film.
 * From a directory it reads only `renders/` (and `renders-7d/` and similar folders), with ranges. A film in a
 * bucket gets an address that is valid for an hour.
 */
export function addFiles(app: FastifyInstance, {storage, directory}: Kept): void {
  app.get<{Params: {jobId: string}}>('/files/jobs/:jobId/report.html', async ({params}, reply) => {
    if (!JOB_ID.test(params.jobId)) return reply.callNotFound();
    try {
      const page = await text(await storage.get(reportKey(params.jobId)));
      const media = directory ? '' : ' https: http:';
      reply.header('Content-Security-Policy', REPORT_POLICY(media)).header('Cache-Control', 'no-cache');
      return await reply.type('text/html; charset=utf-8').send(page);
    } catch (error) {
      if (!isNotFound(error)) throw error;
      return reply.code(404).type('text/plain').send(`Job ${params.jobId} has no report, or none any more.`);
    }
  });

  const films = directory && sirv(directory, {dev: true, etag: true, dotfiles: false});
  app.get<{Params: {folder: string; name: string}}>('/files/:folder/:name', async ({raw, params}, reply) => {
    const {folder, name} = params;
    const key = `${folder}/${name}`;
    if (!SHOWN.test(key)) return reply.callNotFound();
    if (!films) return reply.redirect(await storage.url(key));
    if (!(await isInside(join(directory ?? '', key), directory ?? ''))) return reply.callNotFound();
    // A range that makes no sense counts as none (RFC 9110, 14.2).
    if (!isRange(raw.headers.range)) delete raw.headers.range;
    if (!PLAYED.test(name)) reply.headers(INERT);
    // From here on the answer is sirv's.
    reply.hijack();
    for (const [header, value] of Object.entries(reply.getHeaders()))
      if (value !== undefined) reply.raw.setHeader(header, value);
    raw.url = `/${key}`;
    films(raw, reply.raw, () => {
      reply.raw.statusCode = 404;
      reply.raw.end(`There is no ${name}.`);
    });
  });
}

/** Whether a file is where its name says, and no link to another place. */
async function isInside(file: string, directory: string): Promise<boolean> {
  const [real, root] = await Promise.all([realpath(file).catch(() => file), realpath(directory)]);
  return real.startsWith(`${root}${sep}`) || real === file;
}

function isRange(range: string | undefined): boolean {
  const [, start, end] = /^bytes=(\d+)-(\d*)$/.exec(range ?? '') ?? [];
  return start !== undefined && (end === '' || Number(end) >= Number(start));
}
