import type {TypeCheck} from '../type-checks.ts';
import {type EventOptions, eventOf} from './event-options.ts';
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
}

/** Renders a project on this machine, or has a function render its own, and prints the result. */
export async function render(options: RenderCommand, interrupt: Interrupt): Promise<void> {
  const event = eventOf(options);
  if (options.function === undefined) return renderHere(event, options, interrupt);
  return renderThere(event, {...options, function: options.function}, interrupt);
}
