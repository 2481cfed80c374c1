import {canonicalJson} from '../canonical-json.ts';
import {RenderError} from '../errors.ts';
import type {JobRequest} from '../event.ts';
import {sha256Hex} from '../keys.ts';
import type {Identity, RunState} from './records.ts';

/** Variables that are told apart by name; all others only together. */
const NAMED_VARIABLES = 50;

type Variables = Readonly<Record<string, unknown>> | undefined;

/**
 * What makes a request this one. Values of variables are kept as hashes: nobody needs them to compare. The order of keys
 * decides nothing.
 */
export function identify(
  {numWorkers, quality, frameHashes, silentTrack, poster, thumbnails, expireAfter, output}: JobRequest,
  {variables, fingerprint}: {variables: Variables; fingerprint: string},
): Identity {
  return {
    numWorkers: String(numWorkers ?? 'by length'),
    quality,
    frameHashes: String(frameHashes),
    silentTrack: String(silentTrack),
    // Left out where nothing is asked for, as in the records of versions that did not know them.
    ...(poster !== undefined && {poster: `${poster} s`}),
    ...(thumbnails && {thumbnails: String(thumbnails)}),
    ...(expireAfter && {expireAfter: `${expireAfter} days`}),
    ...Object.fromEntries(
      Object.entries(output ?? {}).flatMap(([name, value]) => (value ? [[`output.${name}`, value]] : [])),
    ),
    project: fingerprint,
    ...identifyVariables(variables),
  };
}

function identifyVariables(variables: Variables): Identity {
  if (!variables) return {variables: "the project's own"};
  const hash = (value: unknown) => sha256Hex(canonicalJson(value)).slice(0, 16);
  // In order, so that it is always the same ones that are named.
  const each = Object.entries(variables)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .slice(0, NAMED_VARIABLES);
  return {
    variables: hash(variables),
    ...Object.fromEntries(each.map(([name, value]) => [`variables.${name.slice(0, 100)}`, hash(value)])),
  };
}

/** What of a request is not as in that of a run; nothing for a run without one. */
export function differences(asked: Identity, {claim: {identity}}: RunState): string[] {
  if (!identity) return [];
  const names = new Set([...Object.keys(asked), ...Object.keys(identity)]);
  return [...names].filter((name) => asked[name] !== identity[name]);
}

/** Rejects with `JobConflict`, naming what differs, where a run is of another request. */
export function refuseOther(asked: Identity, run: RunState, jobId: string): void {
  const {identity = {}} = run.claim;
  const different = differences(asked, run);
  if (different.length === 0) return;
  const named = different.some((name) => name.startsWith('variables.'));
  const shown = different.flatMap((name) => {
    if (name === 'variables' && named) return [];
    if (name === 'project' || name.startsWith('variables')) return [`${name} (another one now)`];
    return [`${name} (${identity[name] ?? 'none'} then, ${asked[name] ?? 'none'} now)`];
  });
  throw new RenderError(
    'JobConflict',
    `jobId ${jobId} belongs to another request, which differs in ${shown.join(', ')}. Use another jobId.`,
  );
}
