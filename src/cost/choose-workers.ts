import type {Quality} from '../model/quality.ts';
import {kneeOf} from './estimate.ts';
import {DEFAULT_COSTS, inQuality} from './film-costs.ts';

/** MB of the assumed function: the default of its deployment. */
const MEMORY_MB = 3008;
/** Frames a second; they change nothing here but the size of a sound. */
const FPS = 30;

/**
 * The number of workers for a film when the event names none, 1 to 100. It is the knee (`kneeOf`) for a film
 * of known length and quality only.
 *
 * Past jobs do not change it, nor the function's memory. A request that is sent again, resumed or handed over
 * must be cut in the same way, or its finished chunks are of no use. To count past jobs too, ask `estimate`
 * and set the number.
 *
 * @param frames whole number, at least 1
 */
export const chooseWorkers = (frames: number, quality: Quality = 'cheapest'): number =>
  kneeOf(inQuality(DEFAULT_COSTS, quality), {frames, fps: FPS, memoryMb: MEMORY_MB});
