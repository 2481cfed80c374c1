import {garbled, late, lostAfter, lostBefore, s3Answers, truncated} from './support/disturbances.ts';
import {faults} from './support/faults.ts';
import {PACK} from './support/kill.ts';
import {reads, touches, writes} from './support/s3.ts';

const FILM = /^renders\//;
const ANY = /./;
const ALWAYS = {first: 1, last: Infinity};
/** More answers than the SDK asks for before it gives up (src/storage/s3/s3.ts, maxAttempts). */
const ONE_CALL = {first: 1, last: 5};

const internal = s3Answers(500, 'InternalError');
const slowDown = s3Answers(503, 'SlowDown');
const denied = s3Answers(403, 'AccessDenied');
const missing = s3Answers(404, 'NoSuchKey');

faults('storage', [
  {
    name: '500 to every third request',
    arrange: ({bucket}) => {
      let count = 0;
      return bucket.proxy.disturb(
        (exchange) => touches(ANY)(exchange) && ++count % 3 === 0,
        internal,
        ALWAYS,
      );
    },
    expect: {film: {rendered: 3, retried: 0}, again: 0},
  },
  {
    name: '500 to a chunk for longer than the SDK tries',
    arrange: ({bucket}) => bucket.proxy.disturb(writes(PACK), internal, ONE_CALL),
    expect: {film: {rendered: 3, retried: 0}, again: 0},
  },
  {
    name: '500 to the film, always',
    arrange: ({bucket}) => bucket.proxy.disturb(writes(FILM), internal, ALWAYS),
    expect: {error: 'StorageUnavailable', afterwards: 'film', again: 0},
  },
  {
    name: '503 SlowDown to the first requests of all kinds',
    arrange: ({bucket}) => [
      bucket.proxy.disturb(writes(ANY), slowDown, {last: 3}),
      bucket.proxy.disturb(reads(ANY), slowDown, {last: 3}),
    ],
    expect: {film: {rendered: 3, retried: 0}, again: 0},
  },
  {
    name: 'slow',
    arrange: ({bucket}) => bucket.proxy.disturb(touches(ANY), late(300), ALWAYS),
    expect: {film: {rendered: 3}, again: 0},
  },
  {
    name: 'a chunk is very slow to be stored',
    arrange: ({bucket}) => bucket.proxy.disturb(writes(PACK), late(4000)),
    expect: {film: {rendered: 3}, again: [0, 1]},
  },
  {
    name: 'connections reset before the request arrives',
    arrange: ({bucket}) => bucket.proxy.disturb(touches(ANY), lostBefore, {first: 2, last: 5}),
    expect: {film: {rendered: 3, retried: 0}, again: 0},
  },
  {
    name: 'connections reset when every write is done',
    arrange: ({bucket}) => {
      // Each write's answer is lost once, also those that may be made only once.
      const seen = new Set<string>();
      const first = ({path}: {path: string}) => !seen.has(path) && Boolean(seen.add(path));
      return bucket.proxy.disturb((exchange) => writes(ANY)(exchange) && first(exchange), lostAfter, ALWAYS);
    },
    expect: {film: {rendered: 3}, again: 0},
  },
  {
    name: 'a chunk is cut off as it is fetched',
    arrange: ({bucket}) => bucket.proxy.disturb(reads(PACK), truncated),
    expect: {film: {}, again: [0, 1]},
  },
  {
    name: 'a chunk is garbled as it is fetched',
    arrange: ({bucket}) => bucket.proxy.disturb(reads(PACK), garbled),
    expect: {film: {}, again: [0, 1]},
  },
  {
    name: 'a chunk is not found as it is fetched',
    arrange: ({bucket}) => bucket.proxy.disturb(reads(PACK), missing),
    expect: {film: {}, again: [0, 1]},
  },
  {
    name: '403 to a chunk',
    arrange: ({bucket}) => bucket.proxy.disturb(writes(PACK), denied, ALWAYS),
    expect: {error: 'StorageRefused', afterwards: 'film'},
  },
  {
    name: '403 to the film',
    arrange: ({bucket}) => bucket.proxy.disturb(writes(FILM), denied, ALWAYS),
    expect: {error: 'StorageRefused', afterwards: 'film', again: 0},
  },
  {
    name: 'the bucket is gone',
    arrange: ({bucket}) => bucket.proxy.disturb(() => true, s3Answers(404, 'NoSuchBucket'), ALWAYS),
    expect: {error: 'BucketNotFound', afterwards: 'film'},
  },
]);
