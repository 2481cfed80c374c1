import type {S3Client} from '@aws-sdk/client-s3';
import type {Config} from './config.ts';
import {RenderError} from './errors.ts';
import type {Messenger, WatchJob} from './job-tools.ts';
import type {Renderer} from './renderer.ts';
import {partialVideoRenderer} from './revideo/partial-video.ts';
import {revideoRenderer} from './revideo/renderer.ts';
import {directoryStorage} from './storage/directory.ts';
import {s3Client, s3Storage} from './storage/s3.ts';
import type {Storage} from './storage/storage.ts';
import {type WebhookOptions, webhooks} from './webhook/webhooks.ts';

/** What a handler takes from the environment. */
interface Composed {
  renderer: Renderer;
  storage: Storage;
  storageFor: ((bucket: string) => Storage) | undefined;
  watchers: readonly WatchJob[];
  messenger: Messenger;
  httpSecret: string | undefined;
}

/**
 * Chooses what draws and where bytes live: the one place that knows every renderer and every storage.
 *
 * @throws `BadSetting` if neither a bucket nor a directory is named
 */
export function compose({
  project,
  bundle,
  cache,
  mediaTimeout,
  privateHosts,
  maxMediaMb,
  maxFrames,
  httpSecret,
  renderer,
  bucket,
  directory,
  onUnheard,
}: Config & {project: string} & Pick<WebhookOptions, 'onUnheard'>): Composed {
  const storage = chooseStorage({bucket, directory});
  const {watch, ...messenger} = webhooks({storage, privateHosts, onUnheard});
  const draws = renderer === 'page' ? revideoRenderer : partialVideoRenderer;
  return {
    renderer: draws({project, bundle, cache, mediaTimeout, privateHosts, maxMediaMb, maxFrames}),
    storage,
    storageFor: bucket ? otherBuckets() : undefined,
    watchers: [watch],
    messenger,
    httpSecret,
  };
}

/** Opens buckets beside the function's own, each once, over one client. */
function otherBuckets(): (bucket: string) => Storage {
  const opened = new Map<string, Storage>();
  let client: S3Client | undefined;
  return (bucket) => {
    client ??= s3Client();
    const storage = opened.get(bucket) ?? s3Storage({bucket, client});
    opened.set(bucket, storage);
    return storage;
  };
}

function chooseStorage({bucket, directory}: Pick<Config, 'bucket' | 'directory'>): Storage {
  if (bucket) return s3Storage({bucket});
  if (directory) return directoryStorage({root: directory});
  throw new RenderError(
    'BadSetting',
    'REVIDEO_BUCKET_NAME is not set: name the bucket that films and chunks are kept in (or set REVIDEO_DIRECTORY to a directory in its place).',
  );
}
