import type {FullRender} from '../../model/event.ts';
import {areLarge} from '../variables.ts';

/** The event as it may be kept: without whom it tells, whose address may be a secret, and without variables that are kept elsewhere. */
export function shownRequest({webhook: _, variables, ...request}: FullRender): Record<string, unknown> {
  if (areLarge(variables)) return {...request, variablesStored: true};
  return {...request, ...(variables && {variables})};
}
