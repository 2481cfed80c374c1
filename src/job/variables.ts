import {RenderError} from '../base/errors.ts';
import type {FullRender, PartialRender} from '../model/event.ts';
import {variablesKey} from '../model/keys.ts';
import {refuseDepth} from '../model/parse-event.ts';
import {putJson, readJson} from '../storage/json.ts';
import type {Storage} from '../storage/storage.ts';

type Variables = FullRender['variables'];

interface VariablesOptions {
  storage: Storage;
  signal: AbortSignal;
}

/**
 * Bytes of variables, as JSON, that travel in an event; more of them travel through storage. An asynchronous
 * invocation takes 256 KB where Lambda has not raised that yet (Lambda quotas, "Invocation payload"). A
 * thousand workers would receive a thousand times as much.
 */
const LARGE = 128 * 1024;

/**
 * An event's variables, from the event or from storage; undefined: the project's own. Rejects with `BadEvent` if the event says
 * that they are in storage, and they are not.
 */
export async function readVariables(
  {
    jobId,
    variables,
    variablesStored,
  }: Pick<PartialRender | FullRender, 'jobId' | 'variables' | 'variablesStored'>,
  {storage, signal}: VariablesOptions,
): Promise<Variables> {
  if (!variablesStored) return variables;
  const key = variablesKey(jobId ?? '');
  const stored = await readJson(key, {storage, signal});
  if (typeof stored === 'object' && stored !== null && !Array.isArray(stored)) {
    refuseDepth(stored);
    return stored as Variables;
  }
  throw new RenderError(
    'BadEvent',
    `The event cannot be used. variablesStored is true; so "${key}" in ${storage.bucket} must be a JSON object, and is not.`,
  );
}

/** Whether variables travel through storage. */
export const areLarge = (variables: Variables): boolean =>
  variables !== undefined && Buffer.byteLength(JSON.stringify(variables)) > LARGE;

/** The fields of an event that carry variables: small ones travel in the event, large ones are put into storage first. */
export async function carryVariables(
  {jobId, variables}: {jobId: string; variables: Variables},
  {storage, signal}: VariablesOptions,
): Promise<Pick<PartialRender, 'variables' | 'variablesStored'>> {
  if (!areLarge(variables)) return {variables, variablesStored: false};
  await putJson(variablesKey(jobId), variables, {storage, signal});
  // An explicit `undefined` replaces the variables of a request that this is spread over.
  return {variables: undefined, variablesStored: true};
}
