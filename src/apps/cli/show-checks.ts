import {shownText} from '../../base/words.ts';
import type {Check} from '../check/check.ts';

/** How a finding begins. */
const MARKS: Record<Check['state'], string> = {
  ok: '✓',
  warning: '!',
  failed: '✗',
  unchecked: '– not checked:',
};

/** A finding for people, on a line or two, with what to do about it. */
export const checkLine = ({name, state, detail, mend}: Check): string =>
  shownText(`${MARKS[state]} ${name}: ${detail}\n${mend ? `  → ${mend}\n` : ''}`);
