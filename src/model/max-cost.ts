/**
 * US dollars that a job may cost where nothing else is set. The estimate for an hour of film in the quality
 * `best`, on 1000 workers, is $0.62. The limit is eight times as much, so that a heavy project has room.
 * Without a limit, 800 workers of 3008 MB that hang until their timeout cost $35. Each hand-over of the job
 * could cost as much again.
 */
export const DEFAULT_MAX_COST = 5;

/** The most that can be set. More than that is a mistake, or wants several jobs. */
export const HIGHEST_MAX_COST = 10_000;

/** The allowed values, in the words of error messages. */
export const MAX_COST = `a number of US dollars above 0, at most ${HIGHEST_MAX_COST}`;
