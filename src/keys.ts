import {createHash, randomUUID} from 'node:crypto';
import type {Encoder} from './quality.ts';

/** Names a finished film: `renders/<jobId>.<extension>`. Kept for ever. */
export const renderKey = (jobId: string, extension: string): string => `renders/${jobId}.${extension}`;

/** Names a chunk by what decides its pixels and by its frames `[start, end)`. Kept for a day at most. */
export const chunkKey = (content: string, start: number, end: number, extension: string): string =>
  `chunks/${content}/${start}-${end}.${extension}`;

/** Names the hashes of all frames of a job, a JSON array. Kept for 30 days. */
export const hashesKey = (jobId: string): string => `jobs/${jobId}/frame-hashes.json`;

/** Every chunk of one content. */
export const chunkPrefix = (content: string): string => `chunks/${content}/`;

/** What `content` of a chunk looks like: 32 hexadecimal digits. */
export const CONTENT = /^[0-9a-f]{32}$/;

/**
 * Names the content of a render: everything that decides its pixels, and the run itself, so that a run
 * can take its chunks away at its end without touching another's.
 */
export function contentHash(parts: {
  fingerprint: string;
  variables: Readonly<Record<string, unknown>>;
  encoder: Encoder;
  run?: string;
}): string {
  const {fingerprint, variables, encoder, run = randomUUID()} = parts;
  return createHash('sha256')
    .update(JSON.stringify([fingerprint, variables, encoder, run]))
    .digest('hex')
    .slice(0, 32);
}
