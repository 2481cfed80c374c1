import {type RenderError, toRenderError} from '../../base/errors.ts';

/** One thing that was tried. */
export interface Check {
  /** The subject, in two or three words. */
  name: string;
  /** `warning`: it works, but may not for every film. `unchecked`: this machine cannot check it. */
  state: 'ok' | 'warning' | 'failed' | 'unchecked';
  /** The finding. */
  detail: string;
  /** The advice; left out where nothing has to be done. */
  mend?: string;
}

/** A thing to try. */
interface Trial {
  name: string;
  /** The advice if it fails; left out where the error itself has it. */
  mend?: string | ((error: RenderError) => string);
  /** Returns the finding, or a whole verdict. Rejects if it does not work. */
  work: () => Promise<string | Pick<Check, 'state' | 'detail' | 'mend'>>;
}

/** Tries one thing. Never rejects: an error becomes the finding. */
export async function tryOut({name, mend, work}: Trial): Promise<Check> {
  try {
    const found = await work();
    return {name, ...(typeof found === 'string' ? {state: 'ok', detail: found} : found)};
  } catch (thrown) {
    const error = toRenderError(thrown);
    const detail = `${error.name}: ${error.message}`;
    const advice = typeof mend === 'function' ? mend(error) : mend;
    return {name, state: 'failed', detail, ...(advice && {mend: advice})};
  }
}
