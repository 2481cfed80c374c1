import {fromB} from './circle-b';

export function fromA() {
  return 'a';
}
export const both = fromA() + fromB();
