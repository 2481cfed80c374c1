import './order-first';
import {second} from './order-second';

globalThis.order = [...(globalThis.order ?? []), 'last'];

declare global {
  var order: string[] | undefined;
}

// Nothing of it is used: it counts that it is read.
const watched = {
  get read() {
    globalThis.order = [...(globalThis.order ?? []), 'read'];
    return 1;
  },
};
watched.read;

export const unused = second;
