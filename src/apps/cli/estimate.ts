import {RenderError} from '../../base/errors.ts';
import {withWorkDirectory} from '../../base/work-directory.ts';
import {chooseWorkers} from '../../cost/choose-workers.ts';
import {curveOf} from '../../cost/curve.ts';
import {DEFAULT_COSTS, inQuality} from '../../cost/film-costs.ts';
import {pastCosts} from '../../cost/past-costs.ts';
import {pastTraces} from '../../cost/past-traces.ts';
import {pricesOf} from '../../cost/prices.ts';
import type {FullRender} from '../../model/event.ts';
import {parseEvent} from '../../model/parse-event.ts';
import {segmentGrid} from '../../model/segments.ts';
import type {Timeline} from '../../model/timeline.ts';
import {compose} from '../compose.ts';
import {readConfig} from '../config.ts';
import {chooseProject} from './choose-project.ts';
import {curveLines} from './curve-lines.ts';
import {parseVariables} from './event-options.ts';
import type {FilmEstimate} from './film-estimate.ts';
import type {Interrupt} from './interrupt.ts';
import {openJobs} from './jobs.ts';
import type {Place} from './options.ts';
import {print} from './print.ts';

/** The options of `estimate`, as they come from the command line. */
export interface EstimateCommand extends Place {
  project?: string;
  frames?: string;
  variables?: string;
  quality: string;
  memory: string;
  workers?: string;
  architecture: string;
  region?: string;
  json?: boolean;
}

type Film = Pick<Timeline, 'frames' | 'fps' | 'segments'> & Partial<Pick<Timeline, 'size'>>;

/** Frames a second of a film that is given by its frames alone. */
const FPS = 30;
const ARCHITECTURES = ['x86_64', 'arm64'] as const;

/** Prints what a film would take and cost, for numbers of workers and sizes of memory. */
export async function estimate(options: EstimateCommand, {signal}: Interrupt): Promise<void> {
  const {quality, variables} = parseEvent({
    jobType: 'fullRender',
    quality: options.quality,
    ...(options.variables !== undefined && {variables: parseVariables(options.variables)}),
  }) as FullRender;
  const architecture = oneOf('--architecture', options.architecture, ARCHITECTURES);
  const memory = numbers('--memory', options.memory, {min: 128, max: 10_240});
  const workers =
    options.workers === undefined ? undefined : numbers('--workers', options.workers, {min: 1, max: 1000});
  const prices = pricesOf(options.region ?? process.env.AWS_REGION, readConfig().prices);
  const film = await askFilm({...options, variables}, signal);
  const {frames} = film;

  const {storage} = await openJobs(options).storages(signal);
  const alike = (await pastTraces(storage, signal)).filter(({request, film: past}) => {
    const sameSize = !film.size || (past && past.size.width * past.size.height === area(film.size));
    return sameSize && (request.quality ?? 'cheapest') === quality;
  });
  const defaults = inQuality(DEFAULT_COSTS, quality);
  const curves = memory.map((memoryMb) => {
    const {costs, ...past} = pastCosts(alike, {memoryMb, defaults});
    const {fps, segments} = film;
    return {...curveOf(costs, {frames, fps, segments, memoryMb, workers, prices, architecture}), past};
  });
  const {region, date} = prices;
  const chosen = chooseWorkers(film, quality);
  const answer: FilmEstimate = {frames, quality, architecture, prices: {region, date}, chosen, curves};
  if (options.json) print(answer, true);
  else process.stdout.write(`${curveLines(answer).join('\n')}\n`);
}

const area = ({width, height}: Timeline['size']): number => width * height;

type Asked = Pick<EstimateCommand, 'project' | 'frames' | 'storage'> & Pick<FullRender, 'variables'>;

/** The film as given, or from the project. */
async function askFilm(asked: Asked, signal: AbortSignal): Promise<Film> {
  const {project, frames, storage = 'out', variables} = asked;
  if (frames !== undefined) {
    const count = oneNumber('--frames', frames, {min: 1, max: 10_000_000});
    return {frames: count, fps: FPS, segments: segmentGrid({frames: count, fps: FPS})};
  }
  const {path} = await chooseProject(project);
  const {renderer} = compose({...readConfig(), bucket: undefined, directory: storage, project: path});
  try {
    return await withWorkDirectory((directory) => renderer.plan(variables, {directory, signal}));
  } finally {
    await renderer.close();
  }
}

function oneNumber(option: string, text: string, {min, max}: {min: number; max: number}): number {
  const number = Number(text);
  if (text.trim() !== '' && Number.isInteger(number) && number >= min && number <= max) return number;
  throw new RenderError(
    'BadSetting',
    `${option} is ${JSON.stringify(text)}; it must be a whole number from ${min} to ${max}.`,
  );
}

function numbers(option: string, text: string, {min, max}: {min: number; max: number}): number[] {
  const all = text.split(',').map(Number);
  if (all.every((number) => Number.isInteger(number) && number >= min && number <= max))
    return [...new Set(all)].toSorted((a, b) => a - b);
  throw new RenderError(
    'BadSetting',
    `${option} is ${JSON.stringify(text)}; it must be whole numbers from ${min} to ${max}, with commas between.`,
  );
}

function oneOf<T extends string>(option: string, text: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === text);
  if (found) return found;
  throw new RenderError(
    'BadSetting',
    `${option} is ${JSON.stringify(text)}; it must be ${allowed.join(' or ')}.`,
  );
}
