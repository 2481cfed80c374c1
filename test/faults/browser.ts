import {startOrigin} from '../support/origin.ts';
import {watched} from './support/disturbances.ts';
import {faults} from './support/faults.ts';
import {drawing, killBelow, SLOWLY, VICTIM} from './support/kill.ts';
import type {Trap} from './support/proxy.ts';
import {writes} from './support/s3.ts';
import type {Scene} from './support/scene.ts';

const BROWSER = /chrom(?!.*--type=)/i;
const PAGE = /--type=renderer/;

/** The page's own heap, in MB, and what it is asked to hold. */
const SMALL_HEAP = '--js-flags=--max-old-space-size=64';
const HOG = {hog: 200};

/** A server that the page asks whether it shall take so much; it shall only once. */
const forgiving = async ({event}: Scene): Promise<Trap> => {
  const origin = await startOrigin();
  let asked = 0;
  origin.disturb = (_, response) => {
    response.writeHead(200, {'access-control-allow-origin': '*'}).end(asked++ === 0 ? 'yes' : 'no');
    return true;
  };
  event.variables.wishes = {...HOG, ask: origin.address};
  return {hits: () => asked, met: Promise.resolve()};
};

/** On a busy machine a slow worker is begun twice, which is counted as another fault's outcome. */
const ALONE = {environment: {REVIDEO_DOUBLING: 'off'}};

faults(
  'browser',
  [
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
      stage: {beforeBrowser: `FLAGS=${SMALL_HEAP}`, ...ALONE},
      event: {wishes: HOG},
      arrange: forgiving,
      expect: {film: {rendered: 3, retried: 1}, again: 1},
    },
    {
      name: 'a page runs out of memory at every attempt',
      stage: {beforeBrowser: `FLAGS=${SMALL_HEAP}`, ...ALONE},
      event: {wishes: HOG},
      expect: {error: 'BrowserCrashed', afterwards: 'BrowserCrashed'},
    },
  ],
  ALONE,
);
