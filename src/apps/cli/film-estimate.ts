import type {Curve} from '../../cost/curve.ts';
import type {Prices} from '../../cost/prices.ts';
import type {Quality} from '../../model/quality.ts';

/** What a film would take and cost on Lambda. */
export interface FilmEstimate {
  frames: number;
  quality: Quality;
  architecture: keyof Prices['gbSecond'];
  prices: Pick<Prices, 'region' | 'date'>;
  /** What an event that names no number of workers gets. */
  chosen: number;
  /** One for each size of memory. */
  curves: (Curve & {
    /** Jobs and chunks that it is made from; none: from defaults. */
    past: {jobs: number; chunks: number};
  })[];
}
