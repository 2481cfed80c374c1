import {pathToFileURL} from 'node:url';
import type {Context} from './context.ts';
import type {ErrorPayload} from './invocation.ts';

/** A function's code. */
export type Handler = (event: unknown, context: Context) => unknown;

/** Loads the module and gives the handler it exports; rejects with what Lambda would report. */
export async function loadHandler({file, exportName}: {file: string; exportName: string}): Promise<Handler> {
  const loaded = (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  const handler = loaded[exportName];
  if (typeof handler !== 'function') {
    throw named('Runtime.HandlerNotFound', `${file} does not export a function "${exportName}".`);
  }
  if (handler.length > 2) {
    // nodejs24.x dropped callbacks; without this check, such a handler would return null and be cut off.
    throw named(
      'Runtime.CallbackHandlerDeprecated',
      `"${exportName}" of ${file} takes a callback; make it async.`,
    );
  }
  return handler as Handler;
}

/** Any thrown value as the Runtime API takes it. */
export function describeError(thrown: unknown): ErrorPayload {
  if (!(thrown instanceof Error)) {
    return {errorType: typeof thrown, errorMessage: String(thrown), trace: []};
  }
  return {errorType: thrown.name, errorMessage: thrown.message, trace: thrown.stack?.split('\n') ?? []};
}

/** Why a module could not be loaded, with Lambda's names for a missing module and for bad syntax. */
export function describeLoadError(thrown: unknown): ErrorPayload {
  const payload = describeError(thrown);
  const code = (thrown as NodeJS.ErrnoException | null | undefined)?.code;
  if (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') {
    return {...payload, errorType: 'Runtime.ImportModuleError'};
  }
  return thrown instanceof SyntaxError ? {...payload, errorType: 'Runtime.UserCodeSyntaxError'} : payload;
}

/** An unhandled rejection, as Lambda reports it. */
export const describeRejection = (reason: unknown): ErrorPayload => ({
  errorType: 'Runtime.UnhandledPromiseRejection',
  errorMessage: String(reason),
  trace: describeError(reason).trace ?? [],
});

function named(name: string, message: string): Error {
  const error = new Error(message);
  error.name = name;
  return error;
}
