import {z} from 'zod';
import {RenderError} from '../base/errors.ts';
import {PRIVATE_HOSTS, type PrivateHost, readPrivateHosts} from '../base/network/private-hosts.ts';
import {type KnownPrices, readKnownPrices} from '../cost/prices.ts';
import {HIGHEST_MAX_COST, MAX_COST} from '../model/max-cost.ts';
import {TYPE_CHECKS, type TypeCheck} from '../model/type-checks.ts';
import {readSecrets, type Secrets} from '../model/webhook-secret.ts';
import {cacheFolder} from './cache-folder.ts';

const optional = z
  .string()
  .optional()
  // An empty variable is what a console leaves behind; it means the same as none.
  .transform((value) => value || undefined);

const whole = (allowed: string, {min, max}: {min: number; max: number}) =>
  optional.pipe(
    z.coerce.number<string>({error: allowed}).int(allowed).min(min, allowed).max(max, allowed).optional(),
  );

const privateHosts = optional.transform((list, context) => {
  const hosts = readPrivateHosts(list ?? '');
  if (hosts) return hosts;
  context.addIssue({code: 'custom', message: PRIVATE_HOSTS});
  return z.NEVER;
});

const knownPrices = optional.transform((text, context) => {
  if (text === undefined) return undefined;
  const read = readKnownPrices(text);
  if ('prices' in read) return read.prices;
  context.addIssue({code: 'custom', message: read.allowed});
  return z.NEVER;
});

/** The form of a bus of EventBridge (API_PutEventsRequestEntry, EventBusName). */
export const EVENT_BUS = /^(arn:aws[\w-]*:events:[a-z]+-[\w-]+:\d{12}:event-bus\/)?[/.\w-]{1,256}$/;

/** Every environment variable this system reads itself. The AWS SDK, ffmpeg.ts and browser.ts read theirs. */
const Environment = z.object({
  /** The bucket that films, chunks and job records are kept in. */
  REVIDEO_BUCKET_NAME: optional,
  /** A directory to use in place of a bucket. */
  REVIDEO_DIRECTORY: optional,
  /** The folder of the Revideo project. */
  REVIDEO_PROJECT: optional,
  /** Whether a project's own vite.config is run and used when it is compiled. */
  REVIDEO_VITE_CONFIG: optional.pipe(z.enum(['auto', 'on', 'off'], {error: 'auto, on or off'}).optional()),
  /** A project that `npm run build` has compiled; it is then used in place of the folder. */
  REVIDEO_BUNDLE: optional,
  /** How to treat type errors of the project. */
  REVIDEO_TYPE_CHECK: optional.pipe(z.enum(TYPE_CHECKS, {error: 'error, warn or off'}).optional()),
  /** Where bundles and the unpacked browser are kept. */
  REVIDEO_CACHE: optional,
  /** Chunks of one job that run at the same time. */
  REVIDEO_CONCURRENCY: whole('a whole number from 1 to 1000', {min: 1, max: 1000}),
  /** Tries at one chunk. */
  REVIDEO_ATTEMPTS: whole('a whole number from 1 to 10', {min: 1, max: 10}),
  /** Whether a chunk that takes far longer than the others is begun a second time. */
  REVIDEO_DOUBLING: optional.pipe(z.enum(['on', 'off'], {error: 'on or off'}).optional()),
  /** Seconds in which the server of a clip, a sound or a picture has to say something. */
  REVIDEO_MEDIA_TIMEOUT: whole('a whole number from 1 to 600', {min: 1, max: 600}),
  /** Hosts of private networks that a project may ask for media. */
  REVIDEO_PRIVATE_HOSTS: privateHosts,
  /** Megabytes that one file of another server may have. */
  REVIDEO_MAX_MEDIA_MB: whole('a whole number from 1 to 1000000', {min: 1, max: 1_000_000}),
  /** Frames that a film may have. */
  REVIDEO_MAX_FRAMES: whole('a whole number from 1 to 10000000', {min: 1, max: 10_000_000}),
  /** How to treat a font or a style sheet that is not available. */
  REVIDEO_MISSING_FONTS: optional.pipe(z.enum(['error', 'warn'], {error: 'error or warn'}).optional()),
  /** AWS's prices, if they differ from `cost/prices.ts`. */
  REVIDEO_PRICES: knownPrices,
  /** US dollars that a job may cost whose event does not say so. */
  REVIDEO_MAX_COST: optional.pipe(
    z.coerce.number<string>({error: MAX_COST}).positive(MAX_COST).max(HIGHEST_MAX_COST, MAX_COST).optional(),
  ),
  /** Megabytes of the function's /tmp, which Lambda does not report; those beyond 512 cost. */
  REVIDEO_TMP_MB: whole('a whole number from 512 to 10240', {min: 512, max: 10_240}),
  /** Bearer token for requests without an IAM signature. */
  REVIDEO_HTTP_SECRET: optional.pipe(z.string().min(16, 'at least 16 characters long').optional()),
  /** A bus of EventBridge that receives the ends of jobs: its name or ARN. */
  REVIDEO_EVENT_BUS: optional.pipe(
    z.string().regex(EVENT_BUS, 'the name or the ARN of an event bus').optional(),
  ),
  /** The function that renders chunks: itself, on Lambda. */
  AWS_LAMBDA_FUNCTION_NAME: optional,
});

/** The name of a variable of `Environment`. */
export type EnvironmentVariable = keyof typeof Environment.shape;

/** The environment, checked. */
export interface Config {
  bucket: string | undefined;
  directory: string | undefined;
  project: string | undefined;
  bundle: string | undefined;
  typeCheck: TypeCheck | undefined;
  cache: string;
  viteConfig: 'auto' | 'on' | 'off';
  concurrency: number | undefined;
  attempts: number | undefined;
  doubling: boolean | undefined;
  mediaTimeout: number | undefined;
  privateHosts: readonly PrivateHost[];
  maxMediaMb: number | undefined;
  maxFrames: number | undefined;
  missingFonts: 'error' | 'warn' | undefined;
  prices: KnownPrices | undefined;
  maxCost: number | undefined;
  tmpMb: number | undefined;
  httpSecret: string | undefined;
  eventBus: string | undefined;
  /** Secrets of webhooks by their names: of each `REVIDEO_WEBHOOK_SECRET_<NAME>`. */
  webhookSecrets: Secrets;
  functionName: string | undefined;
}

/**
 * Reads the environment once.
 *
 * @throws `BadSetting` that names the variable, its value and what is allowed.
 */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const parsed = Environment.safeParse(environment);
  if (!parsed.success) {
    const complaints = parsed.error.issues.map(({path, message}) => {
      const name = String(path[0]);
      // A secret is never shown, not even a bad one.
      const is =
        name === 'REVIDEO_HTTP_SECRET' ? 'cannot be used' : `is ${JSON.stringify(environment[name])}`;
      return `${name} ${is}; it must be ${message}.`;
    });
    throw new RenderError('BadSetting', complaints.join(' '));
  }
  const {data} = parsed;
  return {
    bucket: data.REVIDEO_BUCKET_NAME,
    directory: data.REVIDEO_DIRECTORY,
    project: data.REVIDEO_PROJECT,
    bundle: data.REVIDEO_BUNDLE,
    typeCheck: data.REVIDEO_TYPE_CHECK,
    cache: data.REVIDEO_CACHE ?? cacheFolder(),
    viteConfig: data.REVIDEO_VITE_CONFIG ?? 'auto',
    concurrency: data.REVIDEO_CONCURRENCY,
    attempts: data.REVIDEO_ATTEMPTS,
    doubling: data.REVIDEO_DOUBLING && data.REVIDEO_DOUBLING === 'on',
    mediaTimeout: data.REVIDEO_MEDIA_TIMEOUT,
    privateHosts: data.REVIDEO_PRIVATE_HOSTS,
    maxMediaMb: data.REVIDEO_MAX_MEDIA_MB,
    maxFrames: data.REVIDEO_MAX_FRAMES,
    missingFonts: data.REVIDEO_MISSING_FONTS,
    prices: data.REVIDEO_PRICES,
    maxCost: data.REVIDEO_MAX_COST,
    tmpMb: data.REVIDEO_TMP_MB,
    httpSecret: data.REVIDEO_HTTP_SECRET,
    eventBus: data.REVIDEO_EVENT_BUS,
    webhookSecrets: readSecrets(environment),
    functionName: data.AWS_LAMBDA_FUNCTION_NAME,
  };
}
