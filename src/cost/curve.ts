import {type Estimate, estimate, type Film, kneeOf, segmentsOf} from './estimate.ts';
import type {FilmCosts} from './film-costs.ts';
import type {Prices} from './prices.ts';

/** One point of a curve. */
export type Point = Estimate & {workers: number};

/** Workers against time and cost, for one size of memory. */
export interface Curve {
  memoryMb: number;
  /** The number of workers behind which the curve is flat: `kneeOf`. */
  knee: number;
  points: Point[];
}

/** Workers of which points are drawn, beside the knee's. */
const WORKERS = [1, 2, 5, 10, 20, 50, 100];
/** More are shown on request only. */
const MOST = 200;

/** A film's plan, the prices, and the requested points of the curve. */
export interface CurveOptions extends Film {
  prices: Prices;
  architecture: keyof Prices['gbSecond'];
  /** A few by default, up to one a segment. The knee is always one more. */
  workers?: readonly number[] | undefined;
}

/** Draws the curve of a film. */
export function curveOf(costs: FilmCosts, {workers, ...film}: CurveOptions): Curve {
  const knee = kneeOf(costs, film);
  const {length: most} = segmentsOf(film);
  const asked = workers ?? [...WORKERS.filter((count) => count < most), Math.min(most, MOST)];
  const counts = [...new Set([...asked, knee])].toSorted((a, b) => a - b);
  return {
    memoryMb: film.memoryMb,
    knee,
    points: counts.map((workers) => ({workers, ...estimate(costs, {...film, workers})})),
  };
}
