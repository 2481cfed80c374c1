import {canonicalJson} from '../../base/canonical-json.ts';
import {RenderError} from '../../base/errors.ts';
import type {JobRequest} from '../../model/event.ts';
import {sha256Hex} from '../../model/keys.ts';
import {SCHEMA} from '../../storage/record.ts';
import type {Claim, Identity, RunState} from './records.ts';

/** The most variables that are compared by name; further ones are compared together. */
const NAMED_VARIABLES = 50;

type Variables = Readonly<Record<string, unknown>> | undefined;

/**
 * The identity of a request. Values of variables are stored as hashes, because the comparison does not need
 * them. The order of keys decides nothing.
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

/** The fields of a request that differ from those of a run; none for a run without a request. */
export function differences(asked: Identity, {claim}: RunState): string[] {
  const identity = identityOf(claim);
  if (!identity) return [];
  const names = new Set([...Object.keys(asked), ...Object.keys(identity)]);
  return [...names].filter((name) => asked[name] !== identity[name]);
}

/** Whether an earlier version has written a claim, whose hashes depend on the order of keys. */
const isEarlier = ({schema = SCHEMA}: Claim): boolean => schema < 2;

/**
 * A run's identity as this version would have written it. Where an earlier one has kept the variables elsewhere, their
 * hashes stay those of that version.
 */
function identityOf(claim: Claim): Identity | undefined {
  const {identity, request} = claim;
  if (!identity || !isEarlier(claim) || !hasVariables(claim)) return identity;
  const others = Object.entries(identity).filter(([name]) => !name.startsWith('variables'));
  return {...Object.fromEntries(others), ...identifyVariables(request?.variables as Variables)};
}

/** Whether a claim has the variables that were asked for, if any were. */
const hasVariables = ({request}: Claim): boolean => request !== undefined && !request.variablesStored;

/** Whether a difference in a field proves nothing, because an earlier version stored the same project or variables in another form. */
const isInconclusive = (name: string, claim: Claim): boolean =>
  isEarlier(claim) && (name === 'project' || (isHashed(name) && !hasVariables(claim)));

/** Whether a field of an identity is kept as a hash alone. */
const isHashed = (name: string): boolean => name === 'project' || name.startsWith('variables');

/** Advice about a conflict. A user in another folder than the job's probably does not want another job. */
function adviceOf(different: readonly string[], {local}: Claim): string {
  if (!different.includes('project')) return 'Use another jobId.';
  const which = local ? `that it was begun with, ${local.project},` : 'that it was begun with,';
  return `To continue that job, render the project ${which} as it was then. For another project, or for an edited one, use another jobId.`;
}

/** Rejects with `JobConflict`, naming what differs, where a run is of another request. */
export function refuseOther(asked: Identity, run: RunState, jobId: string): void {
  const identity = identityOf(run.claim) ?? {};
  const different = differences(asked, run);
  if (different.length === 0) return;
  const named = different.some((name) => name.startsWith('variables.'));
  const shown = different.flatMap((name) => {
    if (name === 'variables' && named) return [];
    if (isHashed(name)) return [`${name} (another one now)`];
    return [`${name} (${identity[name] ?? 'none'} then, ${asked[name] ?? 'none'} now)`];
  });
  if (different.every((name) => isInconclusive(name, run.claim))) {
    const field = different.includes('project') ? 'project' : 'variables';
    throw new RenderError(
      'JobConflict',
      `jobId ${jobId} was begun by an earlier version of revideo-lambda, which writes down the ${field} of a job in another form. This version cannot tell whether this is the same request. Use another jobId.`,
    );
  }
  throw new RenderError(
    'JobConflict',
    `jobId ${jobId} belongs to another request, which differs in ${shown.join(', ')}. ${adviceOf(different, run.claim)}`,
  );
}
