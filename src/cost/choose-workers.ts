import type {Quality} from '../model/quality.ts';
import type {Timeline} from '../model/timeline.ts';
import {kneeOf} from './estimate.ts';
import {DEFAULT_COSTS, inQuality} from './film-costs.ts';

/** MB of the assumed function: the default of its deployment. */
const MEMORY_MB = 3008;

/**
 * The number of workers for a film when the event names none, 1 to 100. It is the knee (`kneeOf`) for a film
 * of known length and quality only.
 *
 * Past jobs do not change it, nor the function's memory. A request that is sent again, resumed or handed over
 * must be cut in the same way, or its finished chunks are of no use. To count past jobs too, ask `estimate`
 * and set the number.
 *
 * @param film its plan
 */
export const chooseWorkers = (
  {frames, fps, segments}: Pick<Timeline, 'frames' | 'fps' | 'segments'>,
  quality: Quality = 'cheapest',
): number => kneeOf(inQuality(DEFAULT_COSTS, quality), {frames, fps, segments, memoryMb: MEMORY_MB});
