import type {Curve} from '../../cost/curve.ts';
import type {Prices} from '../../cost/prices.ts';
import type {Quality} from '../../model/quality.ts';

/** The time and cost of a film on Lambda. */
export interface FilmEstimate {
  frames: number;
  quality: Quality;
  architecture: keyof Prices['gbSecond'];
  prices: Pick<Prices, 'region' | 'date'>;
  /** The number of workers for an event that names none. */
  chosen: number;
  /** One for each size of memory. */
  curves: (Curve & {
    /** Jobs and chunks that it is made from; none: from defaults. */
    past: {jobs: number; chunks: number};
  })[];
}
