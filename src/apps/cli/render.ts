import {RenderError} from '../../base/errors.ts';
import type {TypeCheck} from '../../model/type-checks.ts';
import {type EventOptions, eventOf} from './event-options.ts';
import {inOptions} from './in-options.ts';
import type {Interrupt} from './interrupt.ts';
import type {Place} from './options.ts';
import {renderHere} from './render-here.ts';
import {renderThere} from './render-there.ts';

/** The options of `render`, as they come from the command line. */
export interface RenderCommand extends EventOptions, Omit<Place, 'bucket'> {
  project?: string;
  typeCheck?: TypeCheck;
  out?: string;
  concurrency?: string;
  missingFonts?: 'error' | 'warn';
  detach?: boolean;
  json?: boolean;
  quiet?: boolean;
  verbose?: boolean;
}

/** Renders a project on this machine, or has a function render its own, and prints the result. */
export async function render(options: RenderCommand, interrupt: Interrupt): Promise<void> {
  const {function: name, detach, endpointUrl} = options;
  for (const [option, value] of [
    ['--detach', detach],
    ['--endpoint-url', endpointUrl],
  ])
    if (value && name === undefined)
      throw new RenderError('BadSetting', `${option} is for a function: say which, with --function <name>.`);
  try {
    const event = eventOf(options);
    if (name === undefined) return await renderHere(event, options, interrupt);
    return await renderThere(event, {...options, function: name}, interrupt);
  } catch (error) {
    throw inOptions(error);
  }
}
