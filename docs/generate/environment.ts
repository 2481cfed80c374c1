import {type EnvironmentVariable, readConfig} from '../../src/apps/config.ts';
import {code, sentence, table} from './markdown.ts';

/** One variable: its meaning, and its default in words. */
type Words = readonly [meaning: string, fallback: string];

/** Variables that `readConfig` reads. The type makes the list complete. */
const SETTINGS: Readonly<Record<EnvironmentVariable, Words>> = {
  REVIDEO_BUCKET_NAME: ['The bucket for films, chunks and job records', 'none'],
  REVIDEO_DIRECTORY: ['A directory in place of a bucket', 'none'],
  REVIDEO_PROJECT: [
    'The [folder of the project, or its project file](your-project.md)',
    'the project around `lambda.ts`',
  ],
  REVIDEO_VITE_CONFIG: [
    "[Whether the project's `vite.config` runs](packages-and-versions.md#your-own-viteconfig)",
    '`auto`',
  ],
  REVIDEO_BUNDLE: [
    'A [compiled project](compiling.md#compile-a-project-once), used in place of the folder',
    'none',
  ],
  REVIDEO_TYPE_CHECK: ['Handling of [type errors](your-project.md#type-check)', '`warn`'],
  REVIDEO_CACHE: [
    'Where compiled projects and the browser are cached',
    '`node_modules/.cache/revideo-lambda`',
  ],
  REVIDEO_CONCURRENCY: ['Chunks of one job that run in parallel on Lambda', '800, or the free capacity'],
  REVIDEO_ATTEMPTS: ['Attempts at the plan, the sound and each chunk', '3'],
  REVIDEO_DOUBLING: [
    'Whether a [straggler](reliability.md#stragglers) starts a second attempt',
    '`on` on Lambda',
  ],
  REVIDEO_MEDIA_TIMEOUT: [
    '[Seconds without data from a media server](media.md#timeouts) before the render fails',
    '30',
  ],
  REVIDEO_PRIVATE_HOSTS: ['[Private hosts](security.md#private-hosts) that a film may reach', 'none'],
  REVIDEO_MAX_MEDIA_MB: ['Largest size of one remote media file, in megabytes', '5000'],
  REVIDEO_MAX_FRAMES: ['Most frames of a film; a longer one counts as endless', '500000'],
  REVIDEO_MISSING_FONTS: [
    'Handling of a [missing font or style sheet](fonts-and-network.md#missing-fonts)',
    '`error`',
  ],
  REVIDEO_PRICES: [
    '[Your own AWS prices](cost.md#prices), as a JSON object',
    '[`prices.ts`](../src/cost/prices.ts)',
  ],
  REVIDEO_MAX_COST: ['[Cost limit of a job](cost.md#cost-limit) in US dollars', '5'],
  REVIDEO_TMP_MB: ['Size of `/tmp` of the function, for [the bill](cost.md)', '512'],
  REVIDEO_HTTP_SECRET: ['[Bearer token](events.md#http) for requests without an IAM signature', 'IAM only'],
  REVIDEO_EVENT_BUS: [
    '[EventBridge bus](observability.md#events-on-eventbridge) that receives the end of each job',
    'none',
  ],
  AWS_LAMBDA_FUNCTION_NAME: ['The function that renders chunks; Lambda sets it', '`revideo-render`'],
};

/** Variables that other code reads. */
export const OTHER_VARIABLES: Readonly<Record<string, Words>> = {
  'REVIDEO_WEBHOOK_SECRET_<NAME>': [
    'A [webhook secret](webhooks.md#secrets) that an event refers to by its name',
    'none',
  ],
  REVIDEO_WEBHOOK_SECRET: ['On the command line: signs the webhook of `--webhook`', 'unsigned'],
  FFMPEG_PATH: ['Path of ffmpeg; see [programs](#programs)', 'searched'],
  PUPPETEER_EXECUTABLE_PATH: ['Path of the browser; see [programs](#programs)', 'searched'],
  LOG_LEVEL: ['Least level of [log lines](observability.md): `DEBUG`, `INFO`, `WARN`, `ERROR`', '`INFO`'],
  'AWS_*': ['Read by the AWS SDK', ''],
};

/** Allowed values that no message states. */
const FREE: Readonly<Record<string, string>> = {
  'REVIDEO_WEBHOOK_SECRET_<NAME>': '16 to 256 characters; `<NAME>` of `A-Z 0-9 _`',
  REVIDEO_WEBHOOK_SECRET: '16 to 256 characters',
  REVIDEO_PRIVATE_HOSTS: 'hosts, ports and ranges, with commas between',
  REVIDEO_PRICES: 'a JSON object',
};

/** Tables of `docs/environment.md`, by the names of their parts. */
export const ENVIRONMENT_PARTS: Readonly<Record<string, () => string>> = {
  environment: () => variables({...SETTINGS}),
  'other-environment': () => variables(OTHER_VARIABLES),
};

const variables = (list: Readonly<Record<string, Words>>): string =>
  table(
    ['variable', 'meaning', 'allowed', 'default'],
    Object.entries(list).map(([name, [meaning, fallback]]) => [
      code(name),
      sentence(meaning),
      FREE[name] ?? allowed(name),
      fallback,
    ]),
  );

/** The allowed values, from the message for an impossible value. */
function allowed(name: string): string {
  try {
    readConfig({[name]: '\u0000'});
    return 'any text';
  } catch (error) {
    return /must be (.*)\.$/s.exec((error as Error).message)?.[1] ?? '';
  }
}
