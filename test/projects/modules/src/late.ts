import {both} from './circle-a';

globalThis.order = [...(globalThis.order ?? []), 'late'];
export const late = both;
