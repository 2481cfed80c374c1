import {cpSync, mkdirSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, vi} from 'vitest';
import {createHandler, type RenderHandler} from '../../src/apps/handler/handler.ts';
import {toPayload, toRenderError} from '../../src/base/errors.ts';
import type {Engine} from '../../src/engines/engine.ts';
import type {FullRender} from '../../src/model/event.ts';
import {contentHash} from '../../src/model/keys.ts';
import {parseEvent} from '../../src/model/parse-event.ts';
import {ENCODINGS} from '../../src/model/quality.ts';
import type {Renderer} from '../../src/renderers/renderer.ts';
import {type RevideoOptions, revideoRenderer} from '../../src/renderers/revideo/renderer.ts';
import {directoryStorage} from '../../src/storage/directory/directory.ts';
import {type Canaries, hostilePublic, SECRETS, tellsASecret} from './canaries.ts';
import {PROJECTS} from './project-media.ts';
import {throwAwayCache} from './throw-away-project.ts';

/** The project's orders. */
export interface Attack {
  attack: string;
  src?: string;
  data?: unknown;
}

/** How an input is refused. */
export interface Refusal {
  /** The error's name; `MediaFailed` by default. */
  error?: string;
  /** The content of its message: the address, without its signature, or the field. */
  names: string | RegExp;
}

/** The function's own handler with a project that follows the event's orders. */
export interface Stage extends AsyncDisposable {
  handler: RenderHandler;
  renderer: Renderer;
  project: string;
  /** Removed in the end; nothing of it may be read but the project and its public folder. */
  folder: string;
  /** Checks that a task is refused, that no canary is reached and that no secret is shown. */
  refuse: (work: Promise<unknown>, refusal: Refusal) => Promise<void>;
  /** Has the project attack, in a chunk of one frame. */
  chunk: (attack: Attack) => Promise<unknown>;
  /** Has the project attack, in a whole film. */
  film: (attack: Attack) => Promise<unknown>;
}

/** Opens a stage, with secrets in the environment, and files beside the project. */
export async function openStage(canaries: Canaries, options: Partial<RevideoOptions> = {}): Promise<Stage> {
  for (const [name, secret] of Object.entries(SECRETS)) vi.stubEnv(name, secret);
  const folder = mkdtempSync(join(tmpdir(), 'hostile-'));
  const project = join(folder, 'project');
  cpSync(join(PROJECTS, 'hostile'), project, {recursive: true});
  await hostilePublic(folder);
  const cache = join(folder, 'cache');
  mkdirSync(cache);
  await throwAwayCache(cache);
  const renderer = revideoRenderer({project, cache, ...options});
  const engine: Engine = {
    name: 'itself',
    traits: {isolated: false, stops: true, progress: 'callback'},
    capacity: () => 1,
    run: async (event) => (await handler(event)) as Awaited<ReturnType<Engine['run']>>,
    close: async () => {},
  };
  const storage = directoryStorage({root: join(folder, 'storage')});
  const handler = createHandler({renderer, engine, storage});
  let jobs = 0;
  const variablesOf = (attack: Attack) => ({hostile: {canary: canaries.port, ...attack}});
  const send = (event: object, attack: Attack) =>
    handler({...{jobId: `job-${jobs++}`, numWorkers: 1, ...event}, variables: variablesOf(attack)});
  return {
    ...{handler, renderer, project, folder},
    async refuse(work, {names, error = 'MediaFailed'}) {
      const before = canaries.reached();
      const thrown = await work.then(
        (result) => new Error(`It was not refused: ${JSON.stringify(result)}`),
        (thrown: unknown) => thrown,
      );
      const {errorType, errorMessage, trace} = toPayload(toRenderError(thrown));
      const expected =
        names instanceof RegExp ? expect.stringMatching(names) : expect.stringContaining(names);
      expect({errorType, errorMessage}).toEqual({errorType: error, errorMessage: expected});
      expect([errorMessage, ...(trace ?? [])].filter(tellsASecret)).toEqual([]);
      expect(canaries.reached()).toBe(before);
    },
    async chunk(attack) {
      const {signal} = new AbortController();
      const content = contentHash({
        fingerprint: await renderer.fingerprint({signal}),
        // As they are once they have come through the event.
        variables: (parseEvent({jobType: 'fullRender', variables: variablesOf(attack)}) as FullRender)
          .variables,
        encoding: ENCODINGS.cheapest,
        frameHashes: false,
      });
      const chunk = {start: 0, end: 1, segments: [1], content, run: 1};
      return send({jobType: 'partialRender', workerId: 0, chunk}, attack);
    },
    film: (attack) => send({jobType: 'fullRender'}, attack),
    async [Symbol.asyncDispose]() {
      await renderer.close();
      rmSync(folder, {recursive: true, force: true});
      vi.unstubAllEnvs();
    },
  };
}
