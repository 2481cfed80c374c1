import {type Command, Option} from 'commander';
import {RenderError} from '../../base/errors.ts';
import {QUALITIES} from '../../model/quality.ts';
import {STORAGE_CLASSES} from '../../model/storage-classes.ts';

/** The fields of a `fullRender` event, as they come from the command line. */
export interface EventOptions {
  jobId?: string;
  workers?: string;
  variables?: string;
  variablesStored?: boolean;
  quality?: string;
  silentTrack: boolean;
  frameHashes?: boolean;
  poster?: string;
  thumbnails?: string;
  expiresIn?: string;
  maxCost?: string;
  expireAfter?: string;
  outputBucket?: string;
  outputKey?: string;
  storageClass?: string;
  webhook?: string;
  webhookSecretName?: string;
}

/**
 * Adds an option for every field of a `fullRender` event. The event's own check says which values are
 * allowed.
 */
export const eventOptions = (command: Command): Command =>
  command
    .optionsGroup('The film:')
    .option('--job-id <id>', 'names the job and its film (default: a random one)')
    .option('--workers <n>', 'how many chunks the film is cut into, 1 to 1000 (default: by its length)')
    .option('--variables <json>', 'variables of the project, as a JSON object')
    .option('--variables-stored', 'the variables are in the storage, as jobs/<jobId>/variables.json')
    .option('--quality <name>', `how the picture is compressed: ${QUALITIES.join(', ')} (default: cheapest)`)
    .option('--no-silent-track', 'no sound track where nothing sounds, in place of a silent one')
    .option('--frame-hashes', "also store a hash of every frame's pixels")
    .option('--poster <seconds>', 'also store the picture of that moment')
    .option('--thumbnails <n>', 'also store this many small pictures in one file, 1 to 100')
    .option('--max-cost <dollars>', 'the highest cost on Lambda (default: as the function is set, or 5)')
    .optionsGroup('Where the film is kept:')
    .option('--expires-in <seconds>', 'how long its address is good, up to 604800 (default: an hour)')
    .option('--expire-after <days>', 'delete the film after 1, 3, 7 or 30 days (default: never)')
    .option('--output-bucket <name>', 'another bucket for the film')
    .option('--output-key <key>', 'another key for the film')
    .option('--storage-class <name>', `how S3 keeps it: ${STORAGE_CLASSES.join(', ')}`)
    .addOption(
      new Option('--webhook <url>', 'receives progress and the end; signed with REVIDEO_WEBHOOK_SECRET'),
    )
    .option(
      '--webhook-secret-name <NAME>',
      'sign with REVIDEO_WEBHOOK_SECRET_<NAME> of who renders: the secret is in no event',
    )
    .optionsGroup('Options:');

/** The event that the options ask for. Throws `BadSetting` for variables that are no JSON; all else is the event's check. */
export function eventOf(options: EventOptions): Record<string, unknown> & {jobType: 'fullRender'} {
  const {workers, variables, poster, thumbnails, maxCost, expiresIn, expireAfter} = options;
  const output = {
    bucket: options.outputBucket,
    key: options.outputKey,
    storageClass: options.storageClass,
  };
  const fields = {
    jobId: options.jobId,
    numWorkers: number(workers),
    variables: variables === undefined ? undefined : parseVariables(variables),
    variablesStored: options.variablesStored,
    quality: options.quality,
    silentTrack: options.silentTrack,
    frameHashes: options.frameHashes,
    poster: number(poster),
    thumbnails: number(thumbnails),
    maxCost: number(maxCost),
    expiresIn: number(expiresIn),
    expireAfter: number(expireAfter),
    output: Object.values(output).some((value) => value !== undefined) ? given(output) : undefined,
    webhook: webhookOf(options),
  };
  return {jobType: 'fullRender', ...given(fields)};
}

function webhookOf({webhook, webhookSecretName}: EventOptions): Record<string, unknown> | undefined {
  if (webhook !== undefined)
    return given({
      url: webhook,
      ...(webhookSecretName === undefined ? {secret: webhookSecret()} : {secretName: webhookSecretName}),
    });
  if (webhookSecretName === undefined) return undefined;
  throw new RenderError('BadSetting', '--webhook-secret-name is for a webhook: add --webhook <url>.');
}

/** The secret that signs a webhook. Not an option, because every user of the machine can see options. */
export const webhookSecret = (): string | undefined => process.env.REVIDEO_WEBHOOK_SECRET || undefined;

const given = (fields: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/** A number if it is one; otherwise the text itself, which the event's check then names. */
const number = (text: string | undefined): number | string | undefined =>
  text === undefined || text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);

/** The variables that an option gives. Throws `BadSetting` for a text that is not JSON. */
export function parseVariables(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new RenderError(
      'BadSetting',
      `--variables is ${JSON.stringify(text.slice(0, 80))}; it must be a JSON object such as '{"message": "Hello"}'.`,
      {cause},
    );
  }
}
