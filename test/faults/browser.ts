import {watched} from './support/disturbances.ts';
import {faults} from './support/faults.ts';
import {drawing, killBelow, SLOWLY, VICTIM} from './support/kill.ts';
import {writes} from './support/s3.ts';

const BROWSER = /chrom(?!.*--type=)/i;
const PAGE = /--type=renderer/;

/** The page's own heap, in MB, and what it is asked to hold. */
const SMALL_HEAP = '--js-flags=--max-old-space-size=64';
const HOG = {hog: 200};

faults('browser', [
  {
    name: 'killed while its worker draws',
    event: {wishes: SLOWLY},
    during: async ({worker}) => killBelow(await drawing(await worker(VICTIM)), BROWSER),
    expect: {film: {rendered: 3, retried: 1}, again: 1},
  },
  {
    name: "its page's process killed while it draws",
    event: {wishes: SLOWLY},
    during: async ({worker}) => killBelow(await drawing(await worker(VICTIM)), PAGE),
    expect: {film: {rendered: 3, retried: 1}, again: 1},
  },
  {
    name: 'killed while the job is planned',
    arrange: ({bucket}) => bucket.proxy.disturb(writes(/\/claim\.json$/), watched),
    during: async ({orchestrator}, {met}) => {
      await met;
      await killBelow(await orchestrator(), BROWSER);
    },
    expect: {film: {rendered: 3}, again: 0},
  },
  {
    name: 'a page runs out of memory, once',
    // The first browsers are the job's and the three workers'; the next one is the second attempt's.
    stage: {beforeBrowser: `[ "$N" -lt 4 ] && FLAGS=${SMALL_HEAP}`},
    event: {wishes: HOG},
    expect: {film: {rendered: 3, retried: 1}, again: 1},
  },
  {
    name: 'a page runs out of memory at every attempt',
    stage: {beforeBrowser: `FLAGS=${SMALL_HEAP}`},
    event: {wishes: HOG},
    expect: {error: 'BrowserCrashed', afterwards: 'BrowserCrashed'},
  },
]);
