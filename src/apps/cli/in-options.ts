import {RenderError} from '../../base/errors.ts';
import {RenderFailed} from '../client/errors.ts';

/** How the command line calls what an event calls otherwise. */
const OPTIONS: Readonly<Record<string, string>> = {
  jobId: '--job-id',
  numWorkers: '--workers',
  variables: '--variables',
  variablesStored: '--variables-stored',
  quality: '--quality',
  silentTrack: '--no-silent-track',
  frameHashes: '--frame-hashes',
  poster: '--poster',
  thumbnails: '--thumbnails',
  maxCost: '--max-cost',
  expiresIn: '--expires-in',
  expireAfter: '--expire-after',
  'output.bucket': '--output-bucket',
  'output.key': '--output-key',
  'output.storageClass': '--storage-class',
  'webhook.url': '--webhook',
  'webhook.secret': 'REVIDEO_WEBHOOK_SECRET',
  'webhook.secretName': '--webhook-secret-name',
};

/** A name of a field where a sentence begins with it. */
const FIELD = /(?<=^|\. )[A-Za-z]+(?:\.[A-Za-z]+)?(?= (?:is|cannot) )/g;

/** The error of a command whose event was made from options: it speaks of these. All other errors stay as they are. */
export function inOptions(thrown: unknown): unknown {
  const isBad =
    thrown instanceof RenderFailed
      ? thrown.errorType === 'BadEvent'
      : thrown instanceof RenderError && thrown.name === 'BadEvent';
  if (!isBad) return thrown;
  const {message} = thrown as Error;
  const words = message.replace(/^The event cannot be used\. /, '');
  const said = words.replace(FIELD, (field) => OPTIONS[field] ?? field);
  return new RenderError('BadSetting', said, {cause: thrown});
}
