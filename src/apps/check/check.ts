import {type RenderError, toRenderError} from '../../base/errors.ts';

/** One thing that was tried. */
export interface Check {
  /** Of what, in two or three words. */
  name: string;
  /** `warning`: it works, but may not for every film. `unchecked`: nobody here can say. */
  state: 'ok' | 'warning' | 'failed' | 'unchecked';
  /** What was found. */
  detail: string;
  /** What to do about it; left out where there is nothing to do. */
  mend?: string;
}

/** A thing to try. */
interface Trial {
  name: string;
  /** What to do if it fails; left out where the error itself says so. */
  mend?: string | ((error: RenderError) => string);
  /** What was found, or a whole verdict. Rejects if it does not work. */
  work: () => Promise<string | Pick<Check, 'state' | 'detail' | 'mend'>>;
}

/** Tries one thing. Never rejects: whatever is thrown is what was found. */
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
