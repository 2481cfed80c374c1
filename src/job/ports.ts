import type {CostOf} from '../cost/billing.ts';
import type {Engine} from '../engines/engine.ts';
import type {Media} from '../media/media.ts';
import type {JobEvent, Messenger, WatchJob} from '../model/job-events.ts';
import type {Renderer} from '../renderers/renderer.ts';
import type {Storages} from '../storage/storages.ts';
import type {WriteReport} from './job-report.ts';

/** The ports of a job, and its listeners. */
export interface JobPorts extends Storages {
  renderer: Renderer;
  engine: Engine;
  media: Media;
  onEvent?: ((event: JobEvent) => void) | undefined;
  /** Prices what a job uses; left out where nothing is billed. */
  costOf?: CostOf | undefined;
  /** Observers of each run, which the run waits for at its end. */
  watchers?: readonly WatchJob[] | undefined;
  messenger?: Messenger | undefined;
  /** Writes the job's report at its end; left out where there is none. */
  writeReport?: WriteReport | undefined;
}
