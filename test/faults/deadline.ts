import {late} from './support/disturbances.ts';
import {faults} from './support/faults.ts';
import {writes} from './support/s3.ts';

faults('deadline', [
  {
    name: 'the job is longer than its time limit: it goes on in another invocation',
    stage: {timeoutSeconds: 16, environment: {REVIDEO_CONCURRENCY: '1'}},
    event: {numWorkers: 3},
    // One chunk after the other, five seconds each.
    arrange: ({bucket}) => bucket.proxy.disturb(writes(/^chunks\/.*\.pack$/), late(5000), {last: 3}),
    expect: {film: {}, again: [0, 1]},
  },
  {
    name: 'a worker is too slow for its time limit',
    stage: {timeoutSeconds: 16},
    event: {wishes: {slow: 1500}},
    expect: {error: 'DeadlineNear'},
  },
]);
