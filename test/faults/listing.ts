import {gate, staleListing} from './support/disturbances.ts';
import {faults} from './support/faults.ts';
import {killOrchestrator} from './support/kill.ts';
import {lists, writes} from './support/s3.ts';

faults('listing', [
  {
    name: 'knows nothing of an unfinished run, sent again',
    arrange: ({bucket}) => [
      bucket.proxy.disturb(writes(/^renders\//), gate().hold),
      bucket.proxy.disturb(lists, staleListing, {last: Infinity}),
    ],
    during: killOrchestrator,
    sentAgain: true,
    expect: {film: {}, again: [0, 3]},
  },
  {
    name: 'knows nothing of a finished run, sent again',
    arrange: ({bucket}) => bucket.proxy.disturb(lists, staleListing, {last: Infinity}),
    sentAgain: true,
    expect: {film: {rendered: 3}, again: 0},
  },
]);
