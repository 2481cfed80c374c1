import type {FullRender, JobOrder, PartialRender} from '../model/event.ts';
import type {JobEvent} from '../model/job-events.ts';
import type {FilmTarget} from './film-target.ts';

/** The order of one run: everything that is resolved before it begins. */
export interface RunOrder {
  /** The request, with the job's name. */
  order: JobOrder;
  target: FilmTarget;
  /** The variables of the request, read from storage if they are there; undefined: the project's own. */
  variables: FullRender['variables'];
  /** The fields of a worker's event that carry the variables. */
  carried: Pick<PartialRender, 'variables' | 'variablesStored'>;
  /** The project's fingerprint. */
  fingerprint: string;
  /** The run: 1 for the job's first, the first of the runs that handed over to each other, and how many did. */
  run: {number: number; root: number; handedOver: number};
  /** Indices of chunks that workers of the run before still render. */
  inFlight: readonly number[];
  /** How often a worker writes to the storage while it renders. */
  every: WorkerIntervals;
}

/** How often a worker writes to the storage while it renders, in milliseconds. */
export interface WorkerIntervals {
  /** Between two reports on its rendered frames; undefined where the engine sees them. */
  frames: number | undefined;
  /** Between two uploads of its finished segments. */
  store: number;
}

/** Where a run's work happens. */
export interface RunContext {
  /** A directory for temporary files, which the caller removes. */
  directory: string;
  /** Stops the work. */
  signal: AbortSignal;
  /** The run's event stream. */
  emit: (event: JobEvent) => void;
}
