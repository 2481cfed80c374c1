/** Periods and deadlines of a job that belong together, in milliseconds. A room keeps those that concern it alone. */

/** Between two heartbeats of a run, and between two looks whether another invocation has ended the run. */
export const HEARTBEAT = 2_000;
/** Without a heartbeat, a run counts as dead after this time, by the clock of the one invocation that waits for it. */
export const SILENCE = 6 * HEARTBEAT;
/** Between two looks at the run of another invocation. */
export const RUN_POLL = 1_000;
/** For the last records of a run that is forced to end. */
export const LAST_RECORDS = 10_000;

/** Between two looks for a chunk that a worker of an earlier run still renders. */
export const IN_FLIGHT_POLL = 1_000;
/** After this time such a chunk is started again. */
export const IN_FLIGHT_TIMEOUT = 60_000;
/** Between two looks of a worker whether its frames are still wanted: up to three HEAD requests each. */
export const WANTED_POLL = 2_000;
/** Between two looks for chunks that are late. */
export const STRAGGLER_POLL = 500;
/** Between two looks whether a late worker that was helped is done with its last segment. */
export const HELP_POLL = 2_000;
/** After this many looks, that segment is drawn by two. */
export const HELP_LOOKS = 4;
/** Without a word of new frames for this long, a late worker counts as hung: its frames are drawn by another one. */
export const PULSE = 20_000;
/** For a chunk that finds no room while nothing of this job runs: then other jobs hold all the capacity. */
export const NO_ROOM_TIMEOUT = 15 * 60_000;

/** For an orchestrator to notice that its job was cancelled, to stop its work and to record it. */
export const CANCEL_TIMEOUT = 20_000;
/** Between two looks for that record. */
export const CANCEL_POLL = 500;
/** For recording a cancellation where progress is kept. */
export const CANCEL_RECORD = 5_000;

/** Between two looks at a job's cost. */
export const COST_POLL = 1_000;
/** Between two sums of a run's cost: they take longer with each attempt. */
export const PRICE_EVERY = 1_000;
/** Between two writes of a job's progress, at least. */
export const PROGRESS_EVERY = 1_000;
/** For one such write. */
export const PROGRESS_WRITE = 5_000;
/** Between two reports of a worker on its rendered frames, at least. */
export const FRAMES_EVERY = 2_000;
/** Between two uploads of a worker's finished segments, at least. */
export const STORE_EVERY = 15_000;

/** For stopped workers to notice and to report their bills. */
export const LAST_BILLS = 3_000;
/** For bills, trace and report before a film's result, and the reserve for the result's own record. */
export const [CONCLUSION, RESERVE] = [8_000, 5_000];
/** For the end of a run, and the reserve for its answer. */
export const [ENDING, RETURN] = [30_000, 700];
/** The same where another invocation starts after it. */
export const HANDING_OVER = 1_500;
