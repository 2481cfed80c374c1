import {z} from 'zod';
import {EVENT_BUS, readConfig} from '../src/apps/config.ts';
import {RenderError} from '../src/base/errors.ts';
import {shownValue} from '../src/base/shown-value.ts';
import {HIGHEST_MAX_COST, MAX_COST} from '../src/model/max-cost.ts';

/** On the command line, and in cdk.json, everything may be text; `true` and `[1]` are no numbers. */
const numeric = (schema: z.ZodNumber) =>
  z.preprocess((value) => (typeof value === 'string' && value.trim() ? Number(value) : value), schema);

const whole = ({min, max}: {min: number; max: number}) => {
  const allowed = `a whole number from ${min} to ${max}`;
  return numeric(z.number({error: allowed}).int(allowed).min(min, allowed).max(max, allowed));
};

const yesNo = z
  .union([z.boolean(), z.enum(['true', 'false'])], {error: 'true or false'})
  .transform((value) => String(value) === 'true');

const text = (pattern: RegExp, allowed: string) => z.string({error: allowed}).regex(pattern, allowed);

/** Days for which CloudWatch can keep a log, a year at most: API_PutRetentionPolicy. */
const LOG_DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365] as const;
const logDays = numeric(
  z
    .number({error: `one of ${LOG_DAYS.join(', ')}`})
    .refine((days) => (LOG_DAYS as readonly number[]).includes(days), `one of ${LOG_DAYS.join(', ')}`),
);

const ORIGINS = 'addresses such as https://films.example.com, without a path, with commas between';
const origins = text(/^(\*|https?:\/\/[^\s/,]+(,https?:\/\/[^\s/,]+)*)$/, ORIGINS).transform((list) =>
  list.split(','),
);

const OUTPUTS =
  'buckets (films-of-others), buckets with a prefix (films-of-others/lambda/) or prefixes of the own bucket (/customers/), with commas between';
const outputs = text(
  /^([a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/[\w./!()' -]*)?|\/[\w./!()' -]+)(,([a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/[\w./!()' -]*)?|\/[\w./!()' -]+))*$/,
  OUTPUTS,
).transform((list) => list.split(','));

const VARIABLES =
  'it takes texts by their names, and none of the names that Lambda or this stack sets (AWS_…, LAMBDA_…, REVIDEO_BUCKET_NAME, REVIDEO_TMP_MB).';
const variables = z
  .preprocess(fromJson, z.record(z.string().regex(/^[A-Za-z]\w+$/), z.string(), {error: VARIABLES}))
  .refine(
    (set) => Object.keys(set).every((name) => !/^(AWS_|LAMBDA_|REVIDEO_(BUCKET_NAME|TMP_MB)$)/.test(name)),
    VARIABLES,
  )
  // The function would say no at every call; here it says so once.
  .superRefine((set, context) => {
    try {
      readConfig(set);
    } catch (error) {
      context.addIssue({code: 'custom', message: (error as Error).message});
    }
  });

/** Limits are those of "Lambda quotas" in the AWS Lambda Developer Guide, where no other reason is given. */
const Settings = z.strictObject({
  /** Names function and stack. CloudFormation allows no underscore. */
  name: text(/^[A-Za-z][A-Za-z0-9-]{0,55}$/, 'a letter and up to 55 letters, digits and -').default(
    'revideo-render',
  ),
  /** Below this a browser does not fit. */
  memory: whole({min: 1024, max: 10_240}).default(3008),
  /** Below this there is no time to hand a job over. */
  timeout: whole({min: 60, max: 900}).default(900),
  tmp: whole({min: 512, max: 10_240}).default(2048),
  architecture: z
    .literal('x86_64', {error: 'x86_64: the browser in the image is made for nothing else yet'})
    .default('x86_64'),
  /** The first invocation takes one place, so one is not enough. */
  concurrencyCap: whole({min: 2, max: 100_000}).optional(),
  /** US dollars; the function's own default where it is left out: src/model/max-cost.ts. */
  maxCost: numeric(z.number({error: MAX_COST}).positive(MAX_COST).max(HIGHEST_MAX_COST, MAX_COST)).optional(),
  publicRenders: yesNo.default(false),
  functionUrl: yesNo.default(false),
  corsOrigins: origins.optional(),
  /** The bus of EventBridge that receives the ends of jobs; `default` exists in every account. */
  eventBus: text(EVENT_BUS, 'the name or the ARN of an event bus').optional(),
  /** Where events may have films put, beside the folders of the own bucket. */
  outputs: outputs.optional(),
  alarmEmail: text(/^[^\s@]+@[^\s@]+$/, 'an e-mail address').optional(),
  logDays: logDays.default(30),
  project: text(
    /^(?!\/|.*\.\.(\/|$))[^\s]+$/,
    'a folder of this repository, or a project file in one, as a path from its root',
  ).default('revideo-project'),
  env: variables.default({}),
});

/** All settings of a deployment, checked. */
export type Settings = z.output<typeof Settings>;
/** The name of a setting: of a context value, and, in kebab-case, of an option of `npm run deploy`. */
export type SettingName = keyof Settings;

/** The names of all settings. */
export const SETTING_NAMES = Object.keys(Settings.shape) as SettingName[];

/**
 * The keys that CDK's command writes into a context, besides those with a prefix: `cdk acknowledge`, `cdk
 * cli-telemetry`.
 */
const OF_CDK = ['acknowledged-issue-numbers', 'cli-telemetry'];

/** The part of a CDK context that is ours, unchecked: all except CDK's own values. */
export const ownContext = (context: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(context).filter(([name]) => !/[:/]/.test(name) && !OF_CDK.includes(name)),
  );

/**
 * The variable in which `npm run deploy` passes its settings to the CDK app, as JSON: they override those of
 * the context. They may contain secrets, and every user of a machine can read a process's arguments.
 */
export const HANDED_OVER = 'INFRA_SETTINGS';

/** `concurrencyCap` as an option: `--concurrency-cap`. */
const optionOf = (name: string): string =>
  `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/**
 * Checks settings; those that are left out get their defaults.
 *
 * @param given context values: text from the command line, anything from cdk.json
 * @param label what the caller knows a setting by; an option of the command line by default
 * @throws `BadSetting` with a sentence for each setting that is wrong: its name, its value, what is allowed
 */
export function readSettings(
  given: Readonly<Record<string, unknown>> = {},
  {label = optionOf}: {label?: (name: string) => string} = {},
): Settings {
  const parsed = Settings.safeParse(given);
  if (parsed.success) return parsed.data;
  const complaints = parsed.error.issues.map((issue) => {
    if (issue.code === 'unrecognized_keys')
      return `There is no setting ${issue.keys.join(', ')}; there are ${SETTING_NAMES.join(', ')}.`;
    const name = String(issue.path[0]);
    // A variable may be a secret. zod describes a wrong key or value of a record itself.
    if (name === 'env')
      return `${label(name)} cannot be used: ${issue.code === 'custom' ? issue.message : VARIABLES}`;
    return `${label(name)} is ${shownValue(given[name])}; it must be ${issue.message}.`;
  });
  throw new RenderError('BadSetting', complaints.join('\n'));
}

function fromJson(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
