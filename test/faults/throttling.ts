import {throttled} from './support/disturbances.ts';
import {isAnyWorker} from './support/events.ts';
import {faults} from './support/faults.ts';

faults('throttling', [
  {
    name: 'room for two workers, nine asked for',
    stage: {concurrency: 3, environment: {REVIDEO_CONCURRENCY: '9'}},
    event: {numWorkers: 9},
    expect: {film: {rendered: 9, retried: 0}, again: 0},
  },
  {
    name: 'no room at all for a while',
    arrange: ({invoke}) => invoke.disturb(isAnyWorker, throttled, {last: 5}),
    // Meanwhile the orchestrator draws by itself.
    expect: {film: {rendered: 3, retried: 0}, again: [-3, 0]},
  },
  {
    name: 'no room for any worker, ever',
    arrange: ({invoke}) => invoke.disturb(isAnyWorker, throttled, {last: Infinity}),
    expect: {film: {rendered: 3, retried: 0}, again: -3},
  },
]);
