import {createHash} from 'node:crypto';
import {canonicalJson} from '../base/canonical-json.ts';
import type {Encoding} from './encoding.ts';
import {GRID} from './segments.ts';

/** Days after which a film may be deleted. */
export type FilmDays = 1 | 3 | 7 | 30;

/**
 * Names a finished film: `renders/<jobId>.<extension>`, kept forever. A film that is deleted after some days
 * is `renders-7d/<jobId>.<extension>` or similar.
 */
export const renderKey = (jobId: string, extension: string, days?: FilmDays): string =>
  `${days ? `renders-${days}d` : 'renders'}/${jobId}.${extension}`;

/** Names the picture that `poster` asks for: next to its film, `renders/<jobId>.poster.jpg`. */
export const posterKey = (filmKey: string): string => `${withoutExtension(filmKey)}.poster.jpg`;

/** Names the pictures that `thumbnails` asks for: next to their film, `renders/<jobId>.thumbnails.jpg`. */
export const thumbnailsKey = (filmKey: string): string => `${withoutExtension(filmKey)}.thumbnails.jpg`;

/** A film and all that lies next to it. */
export const filmKeys = (filmKey: string): string[] => [filmKey, posterKey(filmKey), thumbnailsKey(filmKey)];

const withoutExtension = (key: string): string => key.replace(/(?<=[^/])\.[^./]+$/, '');

/** Names the hashes of all frames of a job, a JSON array. Kept for 30 days, as all of `jobs/`. */
export const hashesKey = (jobId: string): string => `jobs/${jobId}/frame-hashes.json`;

/** Names variables that are too large for an event, a JSON object. */
export const variablesKey = (jobId: string): string => `jobs/${jobId}/variables.json`;

/** Names what one invocation of a job failed with. */
export const refusalKey = (jobId: string, invocation: string): string =>
  `${refusalsPrefix(jobId)}${invocation}.json`;

/** The errors of all failed invocations of a job. */
export const refusalsPrefix = (jobId: string): string => `jobs/${jobId}/refused/`;

/** Names a job's progress, for readers of the bucket. */
export const progressKey = (jobId: string): string => `jobs/${jobId}/progress.json`;

/** Names the delivery record of a message about a job: claimed or sent. */
export const messageKey = (jobId: string, message: string, claim: number): string =>
  `jobs/${jobId}/messages/${message}${claim > 1 ? `-again-${claim}` : ''}.json`;

/** Names the page that shows what a job did. */
export const reportKey = (jobId: string): string => `jobs/${jobId}/report.html`;

/** Names what is written for a try, and removed at once. */
export const probeKey = (folder: 'renders' | 'chunks' | 'jobs', id: string): string =>
  `${folder}/check-${id}/probe`;

/**
 * Days that objects are kept, by how their keys begin; a bucket's lifecycle rules say the same. All others
 * stay forever.
 */
export const AGES = {
  'chunks/': 1,
  'jobs/': 30,
  'renders-1d/': 1,
  'renders-3d/': 3,
  'renders-7d/': 7,
  'renders-30d/': 30,
} as const;

/** The form of the keys of films, and of files beside them, in a folder with an age. */
const FILM = /^renders-\d+d\/[\w.-]+$/;

/**
 * The form of the keys of this module, by their beginnings. In a directory, all other files belong to the
 * user.
 */
export const KEYS = {
  // Those without `.pack` are of earlier versions.
  'chunks/': /^chunks\/[0-9a-f]{32}\/\d+-\d+(\.pack|-[0-9a-f]{16}\.\w+|\.json)$/,
  'jobs/':
    /^jobs\/[^/]+\/((runs\/\d{4,}\/[\w-]+|refused\/[\w-]+|messages\/[\w.-]+|variables|frame-hashes|progress)\.json|report\.html)$/,
  'renders-1d/': FILM,
  'renders-3d/': FILM,
  'renders-7d/': FILM,
  'renders-30d/': FILM,
} as const;

/** Every run of a job. */
export const runsPrefix = (jobId: string): string => `jobs/${jobId}/runs/`;

/**
 * The records of one run: its claim, last heartbeat, outcome, stop order and trace. `storing` says that it has
 * begun to store its film. `webhook` holds the receiver of its end until that notice is sent. A chunk has
 * records of its failure and of the frames rendered so far. `until` tells a worker to stop before the end of its order.
 */
export type RunRecord =
  | 'claim'
  | 'beat'
  | 'outcome'
  | 'stop'
  | 'trace'
  | 'storing'
  | 'webhook'
  | `until-${string}`
  | `${'failed' | 'drawn'}-${number}-${number}`;

/** Names why a chunk of a job's run cannot be drawn. */
export const failureKey = (
  jobId: string,
  {run, start, end}: {run: number; start: number; end: number},
): string => runKey(jobId, run, `failed-${start}-${end}`);

/** Names how many frames of a chunk of a job's run are drawn. */
export const drawnKey = (
  jobId: string,
  {run, start, end}: {run: number; start: number; end: number},
): string => runKey(jobId, run, `drawn-${start}-${end}`);

/** Names up to which frame the worker of an order is still to draw. */
export const untilKey = (jobId: string, {run, ticket}: {run: number; ticket: string}): string =>
  runKey(jobId, run, `until-${ticket}`);

/** Names a record of a job's run `number`, 1 for the first. */
export const runKey = (jobId: string, number: number, record: RunRecord): string =>
  `${runsPrefix(jobId)}${String(number).padStart(4, '0')}/${record}.json`;

/** The number of the run a key belongs to; undefined for a key of another kind. */
export function runNumber(key: string): number | undefined {
  const digits = /\/runs\/(\d{4,})\/claim\.json$/.exec(key)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** Frames `[start, end)` of a content. */
export interface ChunkName {
  /** From `contentHash`. */
  content: string;
  start: number;
  end: number;
}

/** Every pack of one content. Kept for a day, as all of `chunks/`. */
export const chunkPrefix = (content: string): string => `chunks/${content}/`;

/**
 * Names a pack: a stored run of segments, with an index of them. It may be a chunk, or the part of one that a worker had drawn so
 * far. Two workers that draw the same segments store the same bytes of them.
 */
export const packKey = ({content, start, end}: ChunkName): string =>
  `${chunkPrefix(content)}${start}-${end}.pack`;

/** The frames of the pack under a key; undefined for a key of another kind. */
export function packRange(key: string): {start: number; end: number} | undefined {
  const [, start, end] = /\/(\d+)-(\d+)\.pack$/.exec(key) ?? [];
  return start === undefined || end === undefined ? undefined : {start: Number(start), end: Number(end)};
}

/** The form of a chunk's `content`: 32 hexadecimal digits. */
export const CONTENT = /^[0-9a-f]{32}$/;

/**
 * Names the content of a render: everything that decides its pixels and bytes, and whether their hashes are kept. So a
 * job that renders the same content finds the chunks, and any other job never does. The order of keys decides
 * nothing.
 */
export function contentHash(parts: {
  fingerprint: string;
  /** Undefined: the project's own, which is not the same as none (`{}`). */
  variables: Readonly<Record<string, unknown>> | undefined;
  encoding: Encoding;
  frameHashes: boolean;
}): string {
  const {fingerprint, variables, encoding, frameHashes} = parts;
  // JSON has null for undefined, which variables never are.
  return sha256Hex(canonicalJson([fingerprint, variables, encoding, frameHashes, GRID])).slice(0, 32);
}

/** A SHA-256 as 64 hexadecimal digits. */
export const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex');
