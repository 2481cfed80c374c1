import {fromA} from './circle-a';

export function fromB() {
  return fromA() + 'b';
}
