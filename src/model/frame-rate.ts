/** A frame rate as a fraction in lowest terms: `numerator / denominator` frames a second. */
export interface FrameRate {
  numerator: number;
  denominator: number;
}

/** How far a number may lie from a fraction, relatively, and still stand for it: 23.976 for 24000/1001 (7 ms in 2 hours). */
const SAME_RATE = 2e-6;
/** Fractions up to twentieths are meant as they are; what needs more is a rounded number. */
const SIMPLE = 20;

/**
 * The fraction that a frame rate stands for. It may be a simple one (30, 12.5, 7.5) or an NTSC rate (n *
 * 1000/1001), also a rounded one (23.976, 29.97, 59.94). Otherwise it is the simplest fraction of the same
 * value.
 *
 * @param fps above 0, at most 1000
 */
export function fpsToRational(fps: number): FrameRate {
  const error = ({numerator, denominator}: FrameRate) => Math.abs(numerator / denominator / fps - 1);
  const exact = simplestFraction(fps, (rate) => error(rate) <= 1e-12);
  if (exact.denominator <= SIMPLE) return exact;
  const ntsc = {numerator: Math.round(fps * 1.001) * 1000, denominator: 1001};
  if (error(ntsc) <= SAME_RATE) return ntsc;
  return simplestFraction(fps, (rate) => error(rate) <= SAME_RATE);
}

/** By continued fractions, whose steps are the best approximations there are: https://en.wikipedia.org/wiki/Continued_fraction */
function simplestFraction(value: number, isGood: (fraction: FrameRate) => boolean): FrameRate {
  let before: FrameRate = {numerator: 1, denominator: 0};
  let fraction: FrameRate = {numerator: Math.floor(value), denominator: 1};
  let rest = value - fraction.numerator;
  while (rest > 0 && !isGood(fraction)) {
    const term = Math.floor(1 / rest);
    rest = 1 / rest - term;
    const next = {
      numerator: term * fraction.numerator + before.numerator,
      denominator: term * fraction.denominator + before.denominator,
    };
    before = fraction;
    fraction = next;
  }
  return fraction;
}

/** Ticks a second for a film's timestamps: a multiple of the rate's numerator, so that a frame lasts a whole number of them. */
export function timescaleOf({numerator}: FrameRate): number {
  // As fine as is usual; a tick as long as a frame would be legal, and is what players stumble over.
  return numerator * Math.max(1, Math.ceil(10_000 / numerator));
}
