import {availableParallelism} from 'node:os';
import {resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import {localEngine} from '../../engines/local/local.ts';
import type {JobPorts} from '../../job/ports.ts';
import type {OnSceneLine} from '../../model/scene-line.ts';
import type {TypeCheck} from '../../model/type-checks.ts';
import type {WebhookOptions} from '../../observers/webhook/options.ts';
import {compose} from '../compose.ts';
import {readConfig} from '../config.ts';
import {createHandler, type RenderHandler} from '../handler/handler.ts';
import {chooseProject} from './choose-project.ts';

const WORKER = fileURLToPath(new URL('./local-worker.ts', import.meta.url));

/** A handler that renders on this machine. */
export interface LocalHandler {
  handler: RenderHandler;
  /** Ends its processes and removes its temporary files. */
  close(): Promise<void>;
}

/**
 * Wires the handler for this machine: chunks in processes, bytes in a directory.
 *
 * @param project folder or project file of the Revideo project; that of the working directory if left out
 * @param typeCheck how to treat type errors; as the environment says if left out
 * @param out directory that stands in for the bucket
 * @param missingFonts how to treat a font that is not available; as the environment says if left out
 * @param onLine takes what the project's code writes to the console
 * @param concurrency processes at the same time; as many as there are cores if left out
 * @throws `ProjectNotFound` before anything is started
 */
export async function localHandler({
  project,
  out,
  typeCheck,
  missingFonts,
  concurrency = availableParallelism(),
  signal,
  onLine,
  onEvent,
  watchers = [],
  onUndelivered,
}: {
  project?: string | undefined;
  out: string;
  typeCheck?: TypeCheck | undefined;
  missingFonts?: 'error' | 'warn' | undefined;
  concurrency?: number | undefined;
  signal?: AbortSignal;
  onLine?: OnSceneLine | undefined;
} & Pick<JobPorts, 'onEvent' | 'watchers'> &
  Pick<WebhookOptions, 'onUndelivered'>): Promise<LocalHandler> {
  const {path} = await chooseProject(project);
  const directory = resolve(out);
  const read = readConfig();
  const types = typeCheck ?? read.typeCheck ?? 'warn';
  const config = {
    ...read,
    typeCheck: types,
    bucket: undefined,
    directory,
    project: path,
    ...(missingFonts && {missingFonts}),
  };
  const tools = compose({...config, onUndelivered, ...(onLine && {onLine})});
  const engine = localEngine({
    worker: WORKER,
    concurrency,
    onLine,
    environment: {
      REVIDEO_PROJECT: path,
      REVIDEO_TYPE_CHECK: types,
      REVIDEO_DIRECTORY: directory,
      REVIDEO_BUCKET_NAME: '',
      REVIDEO_CACHE: config.cache,
      ...(missingFonts && {REVIDEO_MISSING_FONTS: missingFonts}),
    },
  });
  const {attempts, doubling} = config;
  return {
    handler: createHandler({
      ...tools,
      engine,
      attempts,
      doubling,
      signal,
      onEvent,
      watchers: [...tools.watchers, ...watchers],
    }),
    async close() {
      await Promise.all([engine.close(), tools.renderer.close()]);
    },
  };
}
