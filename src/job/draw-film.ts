import {RenderError} from '../base/errors.ts';
import {persist} from '../base/persist.ts';
import {type Stopwatch, stopwatch} from '../base/stopwatch.ts';
import {together} from '../base/together.ts';
import {cleanWarnings} from '../base/warnings.ts';
import {chooseWorkers} from '../cost/choose-workers.ts';
import type {Soundtrack} from '../media/sound/soundtrack.ts';
import {planChunks} from '../model/plan.ts';
import type {Timeline} from '../model/timeline.ts';
import {secretWarning} from '../model/webhook-secret.ts';
import {obtainChunks} from './chunks/obtain-chunks.ts';
import type {FetchedChunk} from './chunks/stored-segments.ts';
import type {Dispatched} from './dispatch/dispatch.ts';
import {checkPictures} from './pictures.ts';
import type {JobPolicy} from './policy.ts';
import type {JobPorts} from './ports.ts';
import type {RunContext, RunOrder} from './run-order.ts';

/** A film whose pictures and sounds are made. */
export interface DrawnFilm extends Dispatched<FetchedChunk> {
  timeline: Timeline;
  sound: Soundtrack;
  clock: Stopwatch;
  seconds: {planning: number; rendering: number};
  /** Clean, as `cleanWarnings` leaves them. */
  warnings: string[];
}

/** How the drawing of a film is stopped. */
interface DrawContext extends RunContext {
  /** Stops the plan: it does not end for a hand-over, since the next invocation would have to plan again. */
  planning: AbortSignal;
}

/** Asks the project for its plan, and makes the film's chunks and, meanwhile, its sound. */
export async function drawFilm(
  film: RunOrder,
  ports: JobPorts,
  policy: JobPolicy,
  context: DrawContext,
): Promise<DrawnFilm> {
  const {order} = film;
  const {signal, emit} = context;
  const clock = stopwatch();
  const timeline = await planFilm(film, ports, policy, {...context, signal: context.planning});
  checkPictures(order, timeline);
  signal.throwIfAborted();
  const workers = order.numWorkers ?? chooseWorkers(timeline, order.quality);
  const chunks = planChunks(timeline.segments, workers);
  const planning = clock.lap();
  emit({state: 'rendering', timeline, chunks});

  // Only Lambda keeps events.
  const ofSecret = ports.engine.name === 'lambda' ? secretWarning(order.webhook) : undefined;
  const early = cleanWarnings([...(ofSecret ? [ofSecret] : []), ...(timeline.warnings ?? [])]);
  for (const message of early) emit({state: 'warned', message});
  const makeSound = (stop: AbortSignal) => mixSound(timeline, ports, policy, {...context, signal: stop});
  const [drawn, firstSound] = await together(signal, (stop) => [
    obtainChunks({...film, chunks}, ports, policy, {...context, signal: stop}),
    makeSound(stop),
  ]);
  // Picture and sound show the same files.
  const sound = drawn.mediaChanged ? await makeSound(signal) : firstSound;
  // In the order of the film, not in the order in which the chunks arrived.
  const warnings = cleanWarnings([...early, ...drawn.chunks.flatMap((chunk) => chunk.warnings ?? [])]);
  for (const message of warnings.slice(early.length)) emit({state: 'warned', message});
  return {...drawn, timeline, sound, warnings, clock, seconds: {planning, rendering: clock.lap()}};
}

async function planFilm(
  {variables}: RunOrder,
  {renderer}: JobPorts,
  {attempts}: JobPolicy,
  {directory, signal}: RunContext,
): Promise<Timeline> {
  try {
    return await persist(() => renderer.plan(variables, {directory, signal}), {signal, attempts});
  } catch (error) {
    if (!(error instanceof RenderError) || error.name !== 'TimedOut') throw error;
    const message =
      'To count the frames of the film alone takes longer than the function may run. Raise its time limit or its memory, or make the film shorter.';
    throw new RenderError('TimedOut', message, {cause: error});
  }
}

async function mixSound(
  timeline: Timeline,
  {renderer, media}: JobPorts,
  {attempts}: JobPolicy,
  {directory, signal, emit}: RunContext,
): Promise<Soundtrack> {
  const took = stopwatch();
  const locate = (src: string) => renderer.locate(src);
  const mix = () => media.mixSound({...timeline, locate, directory, signal});
  const made = await persist(mix, {signal, attempts});
  emit({state: 'sound', seconds: took.total()});
  return made;
}
