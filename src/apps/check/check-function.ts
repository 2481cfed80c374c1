import {randomUUID} from 'node:crypto';
import {VERSION} from '../../base/version.ts';
import type {JobPorts} from '../../job/ports.ts';
import type {Check} from './check.ts';
import {filmChecks} from './film-checks.ts';
import {type Machine, machineChecks} from './machine-checks.ts';
import {storageChecks} from './storage-checks.ts';

/** A function's report about itself. */
export interface FunctionCheck {
  /** The version of the function's code. */
  version: string;
  checks: Check[];
}

/**
 * Makes a function try everything it needs to render a film, from where it runs and with its permissions.
 * Faults are reported, not thrown; nothing that is tried stays in the storage.
 */
export async function checkFunction(
  tools: JobPorts,
  {signal, ...machine}: Machine & {signal: AbortSignal},
): Promise<FunctionCheck> {
  const id = randomUUID();
  const {storage} = tools;
  const checks = [
    ...(await machineChecks(machine)),
    ...(await storageChecks({storage, id, signal})),
    ...(await filmChecks({tools, id, signal})),
  ];
  return {version: VERSION, checks};
}
