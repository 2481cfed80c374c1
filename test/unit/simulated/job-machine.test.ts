import fc from 'fast-check';
import {expect, test} from 'vitest';
import {RenderError} from '../../../src/base/errors.ts';
import {ATTEMPTS} from '../../../src/base/persist.ts';
import {cancelJob} from '../../../src/job/cancel-job.ts';
import {renderJob} from '../../../src/job/render-job.ts';
import {MAX_HANDOVERS} from '../../../src/job/runs/take-job.ts';
import type {FullRender} from '../../../src/model/event.ts';
import type {ContinuedResult, FullResult} from '../../../src/model/result.ts';
import type {Renderer} from '../../../src/renderers/renderer.ts';
import {retryingStorage} from '../../../src/storage/retrying-storage.ts';
import {depthOf} from '../../support/depth.ts';
import {bytesOf, type Seen, simulatedEngine} from '../../support/job-machine/engine.ts';
import {simulatedMedia} from '../../support/job-machine/media.ts';
import {Bucket, viewOf} from '../../support/job-machine/storage.ts';
import {passTime, simulateTime, worldOf} from '../../support/job-machine/time.ts';
import {everyFrame} from '../../support/segments.ts';

simulateTime();

const film = (frames: number): Renderer => ({
  fingerprint: async () => 'project',
  plan: async () => ({
    frames,
    segments: everyFrame(frames),
    fps: 30,
    size: {width: 2, height: 2},
    sounds: [],
  }),
  render: () => {
    throw new Error('Workers draw, not the orchestrator.');
  },
  locate: async (src) => src,
  close: async () => {},
});

/** A request that is sent at some time, and the fate of its orchestrator. */
const orchestrator = fc.record({
  at: fc.nat({max: 60_000}),
  /** Simulated milliseconds it lives; 0 for as long as it needs. */
  lives: fc.oneof({weight: 2, arbitrary: fc.constant(0)}, fc.nat({max: 40_000})),
  /** Simulated milliseconds after which it hands over; 0 for never. */
  handsOver: fc.oneof({weight: 3, arbitrary: fc.constant(0)}, fc.integer({min: 5_000, max: 60_000})),
});

const world = fc.record({
  frames: fc.integer({min: 1, max: 24}),
  numWorkers: fc.integer({min: 1, max: 12}),
  concurrency: fc.integer({min: 1, max: 12}),
  room: fc.integer({min: 1, max: 12}),
  seed: fc.nat(),
  storageFails: fc.constantFrom(0, 0, 0.02, 0.1),
  stale: fc.constantFrom(0, 0, 0.5),
  workersFail: fc.constantFrom(0, 0.05, 0.3),
  slow: fc.constantFrom(0, 0, 0.1),
  corrupt: fc.constantFrom(0, 0, 0.1),
  broken: fc.oneof({weight: 5, arbitrary: fc.constant([])}, fc.array(fc.nat({max: 23}), {maxLength: 1})),
  orchestrators: fc.array(orchestrator, {minLength: 1, maxLength: 3}),
  cancelledAt: fc.oneof({weight: 4, arbitrary: fc.constant(0)}, fc.integer({min: 1, max: 60_000})),
});
type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

/** One that failed: a run puts its film and dies, another gives it up and dies too, and then the job is cancelled. */
const DIED_WITH_ITS_FILM: World = {
  ...{frames: 2, numWorkers: 11, concurrency: 5, room: 12, seed: 66_227_906},
  ...{storageFails: 0.1, stale: 0, workersFail: 0, slow: 0.1, corrupt: 0, broken: []},
  orchestrators: [
    {at: 8_284, lives: 16_305, handsOver: 0},
    {at: 23_464, lives: 8_139, handsOver: 0},
    {at: 13_219, lives: 32_875, handsOver: 0},
  ],
  cancelledAt: 59_985,
};

type Outcome = {result: FullResult | ContinuedResult} | {error: RenderError};

async function play(world: World) {
  const {frames, numWorkers, concurrency, seed, orchestrators, cancelledAt} = world;
  const chance = worldOf(seed);
  const bucket = new Bucket();
  const expected = bytesOf(0, frames);
  const wrongFilms: string[] = [];
  bucket.onPut = (key, bytes) => {
    if (key.startsWith('renders/') && !bytes.equals(expected)) wrongFilms.push(bytes.toString());
  };
  const room = {left: world.room};
  const renderer = film(frames);
  const event: FullRender = {
    ...{jobType: 'fullRender', jobId: 'film', numWorkers, variables: {}, variablesStored: false},
    ...{frameHashes: false, quality: 'cheapest', silentTrack: true},
  };
  const all: Promise<unknown>[] = [];
  const begunAgain: number[] = [];
  const peaks: number[] = [];
  const drawn: number[] = [];
  const handovers: number[] = [];

  const begin = async (
    {lives, handsOver}: {lives: number; handsOver: number},
    faults = true,
  ): Promise<Outcome | undefined> => {
    let dead = false;
    if (lives > 0) setTimeout(() => (dead = true), lives);
    const isDead = () => dead;
    const seen: Seen = {running: 0, peak: 0, begun: []};
    /** Chunks that were there when this one looked. */
    const there = new Set<number>();
    const storage = viewOf({
      ...{bucket, chance, isDead},
      failing: faults ? world.storageFails : 0,
      stale: faults ? world.stale : 0,
      onList: (keys) => {
        for (const key of keys) {
          const record = /^chunks\/[^/]+\/(\d+)-\d+\.json$/.exec(key);
          const {key: bytes = '', bytes: length} = record
            ? (JSON.parse(String(bucket.objects.get(key))) as {key?: string; bytes?: number})
            : {};
          if (record && bucket.objects.get(bytes)?.length === length) there.add(Number(record[1]));
        }
      },
    });
    const workers = faults ? world : {...world, workersFail: 0, slow: 0, corrupt: 0};
    const engine = simulatedEngine(
      {...workers, bucket, chance, room, failing: workers.workersFail, broken: new Set<number>(world.broken)},
      {concurrency, seen, isDead},
    );
    const handOver = new AbortController();
    if (handsOver > 0)
      setTimeout(() => handOver.abort(new RenderError('TimedOut', 'The time limit is near.')), handsOver);
    const job = renderJob(
      event,
      {renderer, storage: retryingStorage(storage), engine, media: simulatedMedia},
      {},
      {
        signal: new AbortController().signal,
        handOver: {
          signal: handOver.signal,
          start: async () => {
            handovers.push(handsOver);
            all.push(begin({lives: 0, handsOver}, faults));
          },
        },
      },
    ).then(
      (result): Outcome => ({result}),
      (error: RenderError): Outcome => ({error}),
    );
    const killed = new Promise<undefined>((resolve) => {
      if (lives > 0) setTimeout(() => resolve(undefined), lives + 1);
    });
    const outcome = await (lives > 0 ? Promise.race([job, killed]) : job);
    const again = seen.begun.filter((start) => there.has(start));
    if (world.stale === 0 && world.corrupt === 0) begunAgain.push(...again);
    peaks.push(seen.peak);
    drawn.push(
      Math.max(0, ...[...Map.groupBy(seen.begun, (start) => start).values()].map((all) => all.length)),
    );
    return outcome;
  };

  for (const one of orchestrators) {
    const sent = new Promise((resolve) => setTimeout(resolve, one.at)).then(() => begin(one));
    all.push(sent);
  }
  const cancelled = cancelledAt
    ? new Promise((resolve) => setTimeout(resolve, cancelledAt)).then(() =>
        cancelJob(
          {jobType: 'cancel', jobId: 'film', force: true},
          {storage: viewOf({bucket, chance, failing: 0, stale: 0, isDead: () => false})},
          new AbortController().signal,
        ),
      )
    : undefined;
  // Hand-overs add to the list while it is waited for.
  for (let index = 0; index < all.length; index++) await passTime(all[index] as Promise<unknown>);
  const said = await (cancelled && passTime(cancelled));
  const outcomes = (await Promise.all(all)) as (Outcome | undefined)[];
  // At last the job is sent once more, and nothing goes wrong.
  const last = (await passTime(begin({lives: 0, handsOver: 0}, false))) as Outcome;
  return {last, outcomes, bucket, expected, wrongFilms, begunAgain, peaks, drawn, said, handovers};
}

test('a job always ends, never with a wrong film, and draws no chunk that is there', async () => {
  const holds = fc.asyncProperty(world, async (world) => {
    const {last, outcomes, bucket, expected, wrongFilms, begunAgain, peaks, drawn, said, handovers} =
      await play(world);
    const isBroken = (world.broken as number[]).some((frame) => frame < world.frames);
    expect(wrongFilms).toEqual([]);
    expect(begunAgain).toEqual([]);
    expect(Math.max(...peaks)).toBeLessThanOrEqual(world.concurrency);
    // Three tries, each doubled, and once more where what was drawn turned out to be wrong.
    expect(Math.max(...drawn)).toBeLessThanOrEqual(2 * 2 * ATTEMPTS);
    expect(handovers.length).toBeLessThanOrEqual((MAX_HANDOVERS + 1) * world.orchestrators.length);
    for (const outcome of outcomes)
      if (outcome && 'error' in outcome)
        expect(outcome.error).toMatchObject({name: expect.not.stringMatching(/^Internal$/)});
    if (said?.state === 'cancelled') {
      expect(last).toMatchObject({error: {name: 'Cancelled'}});
      expect(bucket.keys().filter((key) => key.startsWith('renders/'))).toEqual([]);
    } else if (isBroken) expect(last).toMatchObject({error: {name: 'SceneFailed'}});
    else {
      expect(last).toMatchObject({result: {state: 'finished', frames: world.frames}});
      expect(bucket.objects.get('renders/film.mp4')).toEqual(expected);
    }
  });
  await fc.assert(holds, {
    numRuns: depthOf(1000),
    examples: [[DIED_WITH_ITS_FILM]],
  });
}, 1_800_000);
