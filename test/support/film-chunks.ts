import type {PartialRender} from '../../src/model/event.ts';
import type {PartialResult} from '../../src/model/result.ts';

/** Nothing is stored, and late workers are helped by drawing the same once more. */
export const ALONE = {
  find: async (order: PartialRender) => ({order}),
  share: async (late: PartialRender) => late,
  release: async () => {},
};

/** Orders for the chunks of a film, ten frames each. */
export const filmChunks = (count: number): PartialRender[] =>
  Array.from({length: count}, (_, workerId) => ({
    jobType: 'partialRender',
    jobId: 'film',
    workerId,
    numWorkers: count,
    variables: {},
    frameHashes: false,
    quality: 'cheapest',
    variablesStored: false,
    attempt: 1,
    chunk: {start: workerId * 10, end: workerId * 10 + 10, segments: [10], content: '0'.repeat(32), run: 1},
  }));

/** The answer of a worker that has rendered its chunk. */
export const resultOf = ({jobId, workerId}: PartialRender): PartialResult => {
  const [start, end] = [workerId * 10, workerId * 10 + 10];
  return {
    jobId,
    workerId,
    start,
    end,
    frames: 10,
    packs: [{key: `chunks/${workerId}.pack`, start, end, bytes: 1}],
    bytes: 1,
    reused: false,
    seconds: 1,
  };
};
