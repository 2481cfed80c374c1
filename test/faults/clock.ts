import {fileURLToPath} from 'node:url';
import {faults} from './support/faults.ts';

const entry = fileURLToPath(new URL('./entries/shifted-clock.ts', import.meta.url));
const off = (hours: string) => ({entry, environment: {CLOCK_SHIFT: hours}});

faults('clock', [
  {name: 'a day behind', stage: off('-24'), expect: {film: {rendered: 3}, again: 0}},
  {name: 'three hours ahead', stage: off('3'), expect: {film: {rendered: 3}, again: 0}},
]);
