import {resolve} from 'node:path';
import {RenderError} from '../base/errors.ts';
import type {LocalProject} from '../job/runs/records.ts';
import type {Messenger, WatchJob} from '../model/job-events.ts';
import type {OnSceneLine} from '../model/scene-line.ts';
import {eventBus} from '../observers/event-bus.ts';
import type {WebhookOptions} from '../observers/webhook/options.ts';
import {webhooks} from '../observers/webhook/webhooks.ts';
import type {Renderer} from '../renderers/renderer.ts';
import {revideoRenderer} from '../renderers/revideo/renderer.ts';
import {directoryStorage} from '../storage/directory/directory.ts';
import {ASKING_PATIENCE, retryingStorage} from '../storage/retrying-storage.ts';
import {s3Buckets} from '../storage/s3/s3-buckets.ts';
import type {Storage} from '../storage/storage.ts';
import type {Config} from './config.ts';

/** The parts of a handler that the environment decides. */
interface Composed {
  renderer: Renderer;
  storage: Storage;
  storageFor: ((bucket: string) => Storage) | undefined;
  watchers: readonly WatchJob[];
  messenger: Messenger;
  httpSecret: string | undefined;
  local: LocalProject | undefined;
  maxCost: number | undefined;
}

/**
 * Makes the renderer of a handler, and chooses its storage, observers and limits.
 *
 * @throws `BadSetting` if neither a bucket nor a directory is named
 */
export function compose({
  project,
  bundle,
  cache,
  mediaTimeout,
  privateHosts,
  typeCheck,
  viteConfig,
  maxMediaMb,
  maxFrames,
  missingFonts,
  httpSecret,
  maxCost,
  eventBus: bus,
  webhookSecrets: secrets,
  bucket,
  directory,
  onUndelivered,
  onLine,
}: Config & {project: string; onLine?: OnSceneLine} & Pick<WebhookOptions, 'onUndelivered'>): Composed {
  const {storage, storageFor} = chooseStorage({bucket, directory});
  const records = retryingStorage(storage, {patience: ASKING_PATIENCE});
  const tellers = [
    webhooks({storage: records, privateHosts, secrets, onUndelivered}),
    ...(bus ? [eventBus({bus, storage: records, onUndelivered})] : []),
  ];
  return {
    renderer: revideoRenderer({
      project,
      bundle,
      cache,
      typeCheck,
      viteConfig,
      mediaTimeout,
      privateHosts,
      maxMediaMb,
      maxFrames,
      missingFonts,
      onLine,
    }),
    storage,
    storageFor,
    watchers: tellers.map(({watch}) => watch),
    messenger: {
      check: async (request) => {
        for (const {check} of tellers) await check(request);
      },
      catchUp: async (job) => {
        await Promise.all(tellers.map(({catchUp}) => catchUp(job)));
      },
    },
    httpSecret,
    // Other machines also render a bucket's jobs, from another path or a compiled project.
    local: bucket || bundle ? undefined : {project: resolve(project), typeCheck, missingFonts},
    maxCost,
  };
}

function chooseStorage({
  bucket,
  directory,
}: Pick<Config, 'bucket' | 'directory'>): Pick<Composed, 'storage' | 'storageFor'> {
  if (bucket) {
    // One client for all buckets, so that its count of requests includes those to other buckets.
    const storageFor = s3Buckets();
    return {storage: storageFor(bucket), storageFor};
  }
  if (directory) return {storage: directoryStorage({root: directory}), storageFor: undefined};
  throw new RenderError(
    'BadSetting',
    'REVIDEO_BUCKET_NAME is not set: name the bucket that films and chunks are kept in (or set REVIDEO_DIRECTORY to a directory in its place).',
  );
}
