/**
 * Makes `Math.random` of the page repeat itself. It has a new seed for every frame, so a scene gets the same
 * numbers in whichever chunk, worker or attempt the frame is played. Mulberry32, as in Revideo's `Random`.
 */
let state = 0;

/** Starts the sequence that belongs to `seed`, any whole number. */
export function reseed(seed: number): void {
  state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) | 0;
}

Math.random = () => {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};
