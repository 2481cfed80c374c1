import type {Attempt, Trace} from '../model/trace.ts';
import {type FilmCosts, type TaskCosts, taskCpu} from './film-costs.ts';
import {LAMBDA} from './lambda-limits.ts';

/** The costs of films by past jobs, and the number of these jobs. */
export interface PastCosts {
  costs: FilmCosts;
  jobs: number;
  /** Chunks that were drawn for them on Lambda; 0: nothing is known, and `costs` are the defaults. */
  chunks: number;
}

/** With fewer chunks of the same memory size than this, those of all sizes count. */
const ENOUGH = 3;

/** A chunk that finished in a function of known memory. */
type Timed = Attempt & Required<Pick<Attempt, 'seconds' | 'used'>> & {jobId: string; frames: number};

/**
 * The costs of films by the records of past jobs, for a function of `memoryMb`. It uses medians, so that one
 * slow chunk changes nothing. As in `defaults` stay the cores of a task, the cost of a chunk's place, the
 * time for planning and sound, and S3's speed. No record shows that speed, because a film is stored beside
 * pictures and requests, which for most films take longer.
 *
 * If some chunks were drawn with the same memory, they alone count. Otherwise all do, by their CPU:
 * `min(memory / 1769 MB, cores)` cores for their time. Runs without an orchestrator on Lambda, and chunks
 * from outside Lambda, do not count.
 */
export function pastCosts(
  all: readonly Trace[],
  {memoryMb, defaults}: {memoryMb: number; defaults: FilmCosts},
): PastCosts {
  const traces = all.filter(({orchestrator}) => orchestrator);
  const timed = traces.flatMap(timedChunks);
  const same = timed.filter(({used}) => used.memoryMb === memoryMb);
  const chunks = same.length >= ENOUGH ? same : timed;
  if (chunks.length === 0) return {costs: defaults, jobs: 0, chunks: 0};

  const {chunk} = defaults;
  const cpu = (seconds: number, {used}: Timed) => seconds * cores(used.memoryMb, chunk.cores);
  const warm = chunks.filter(({used}) => !used.initMs);
  const cold = chunks.filter(({used}) => used.initMs);
  // A page is opened at the chunk's first frame, to which the film is played before.
  const opening = (one: Timed) =>
    Math.max(0, cpu(one.seconds.opening, one) - chunk.late * one.start - chunk.counting * one.frames);
  const opened = median(warm.map(opening)) ?? Math.max(0, (median(cold.map(opening)) ?? 0) - chunk.cold);
  const coldOpened = median(cold.map(opening));
  const drawn = chunks.map((one) => {
    const {drawing, encoding} = one.seconds;
    return cpu(drawing + encoding, one) / (one.end - one.start);
  });
  const sizes = chunks.flatMap(({bytes, start, end}) => (bytes ? [bytes / (end - start)] : []));
  return {
    jobs: new Set(chunks.map(({jobId}) => jobId)).size,
    chunks: chunks.length,
    costs: {
      ...defaults,
      chunk: {
        ...chunk,
        warm: opened,
        cold: coldOpened === undefined ? chunk.cold : Math.max(0, coldOpened - opened),
        perFrame: median(drawn) ?? chunk.perFrame,
      },
      merge: scaled(defaults.merge, traces),
      bytesPerFrame: median(sizes) ?? defaults.bytesPerFrame,
      start: seconds(median(cold.map(({used}) => used.initMs ?? 0))) ?? defaults.start,
    },
  };
}

const seconds = (milliseconds: number | undefined): number | undefined =>
  milliseconds === undefined ? undefined : milliseconds / 1000;

const cores = (memoryMb: number, usable: number): number =>
  Math.min(memoryMb / LAMBDA.memoryMbPerVcpu, usable);

function timedChunks({jobId, attempts, film}: Trace): Timed[] {
  if (!film) return [];
  return attempts.flatMap((attempt) => {
    const {outcome, seconds, used} = attempt;
    return outcome === 'done' && seconds && used
      ? [{...attempt, seconds, used, jobId, frames: film.frames}]
      : [];
  });
}

/** To merge, as much longer or shorter than by default as it was, whatever the films' length. */
function scaled(task: TaskCosts, traces: readonly Trace[]): TaskCosts {
  const ratios = traces.flatMap(({film, phases, orchestrator}) => {
    const found = phases.find(({name}) => name === 'merging');
    if (!film || !found || !orchestrator) return [];
    const cpu = ((found.ended - found.began) / 1000) * cores(orchestrator.memoryMb, task.cores);
    return [cpu / taskCpu(task, film.frames)];
  });
  const ratio = median(ratios) ?? 1;
  return {...task, fixed: task.fixed * ratio, perFrame: task.perFrame * ratio};
}

function median(numbers: readonly number[]): number | undefined {
  const sorted = numbers.toSorted((a, b) => a - b);
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}
