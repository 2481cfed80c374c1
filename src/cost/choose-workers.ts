import type {Quality} from '../model/quality.ts';
import {kneeOf} from './estimate.ts';
import {DEFAULT_COSTS, inQuality} from './film-costs.ts';

/** MB of the function that is taken: what it is deployed with unless told. */
const MEMORY_MB = 3008;
/** Frames a second; they change nothing here but the size of a sound. */
const FPS = 30;

/**
 * The number of workers for a film when the event names none: the knee (`kneeOf`) for a film of which nothing but its
 * length and quality are known, 1 to 100.
 *
 * Past jobs do not change it, nor the memory of the function: the same request that is sent again, resumed or handed over
 * has to be cut as it was, or the chunks that are there are of no use. Who wants them counted asks `estimate`, and
 * names the number.
 *
 * @param frames whole number, at least 1
 */
export const chooseWorkers = (frames: number, quality: Quality = 'cheapest'): number =>
  kneeOf(inQuality(DEFAULT_COSTS, quality), {frames, fps: FPS, memoryMb: MEMORY_MB});
