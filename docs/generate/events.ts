import {z} from 'zod';
import {CancelJob, FullRender, PartialRender, StatusJob} from '../../src/model/event.ts';
import {code, sentence, table} from './markdown.ts';

/** One field in JSON Schema. */
interface Field {
  type?: string;
  const?: unknown;
  enum?: unknown[];
  anyOf?: {const?: unknown}[];
  pattern?: string;
  minimum?: number;
  exclusiveMinimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  default?: unknown;
  description?: string;
  properties?: Record<string, Field>;
  required?: string[];
}

/** Words for patterns, for checks that are not in the schema, and for defaults that code chooses. */
const WORDS: Readonly<Record<string, {allowed?: string; fallback?: string; meaning?: string}>> = {
  jobType: {meaning: 'Which kind of event this is'},
  jobId: {fallback: "the invocation's own id", allowed: '1 to 128 of `A-Z a-z 0-9 . _ -`, no dot first'},
  numWorkers: {fallback: '[chosen by length and quality](cost.md#number-of-workers)'},
  variables: {allowed: 'a JSON object', fallback: "the project's own"},
  maxCost: {fallback: 'the default of the function, or 5'},
  expiresIn: {fallback: '`3600`'},
  expireAfter: {fallback: 'never'},
  output: {fallback: '`renders/<jobId>.mp4`'},
  'output.bucket': {allowed: 'a bucket name of the same region', fallback: "the function's bucket"},
  'output.key': {allowed: "up to 512 characters: letters, digits, `_ . / ! ( ) * ' -`, spaces"},
  webhook: {fallback: 'none'},
  'webhook.url': {
    allowed: '`http` or `https`, up to 2048 characters',
    meaning: 'Address that receives a POST',
  },
  'webhook.secretName': {allowed: '1 to 64 of `A-Z 0-9 _`'},
  'webhook.customData': {allowed: 'any JSON'},
  chunk: {meaning: 'Frames of the chunk; the orchestrator sets this', fallback: 'from `numWorkers`'},
  request: {allowed: 'fields of `fullRender` without `jobType` and `jobId`'},
  invocation: {allowed: '1 to 64 of `A-Z a-z 0-9 _ -`'},
};

/** The fields of one event as a table, fields of objects by their path. */
const fieldsOf = (schema: z.ZodType, leaveOut: readonly string[] = []): string => {
  const {properties = {}, required = []} = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
  }) as Field;
  return table(['field', 'allowed', 'default', 'meaning'], rowsOf(properties, required, '', leaveOut));
};

/** Tables of `docs/events.md`, by the names of their parts. */
export const EVENT_PARTS: Readonly<Record<string, () => string>> = {
  'event-full-render': () => fieldsOf(FullRender),
  'event-cancel': () => fieldsOf(CancelJob),
  'event-status': () => fieldsOf(StatusJob, ['request']),
  'event-partial-render': () => fieldsOf(PartialRender, ['chunk']),
};

function rowsOf(
  fields: Readonly<Record<string, Field>>,
  required: readonly string[],
  path: string,
  closed: readonly string[],
): string[][] {
  return Object.entries(fields).flatMap(([name, field]) => {
    const full = path + name;
    const words = WORDS[full] ?? {};
    const meaning = words.meaning ?? sentence(field.description ?? '');
    if (!meaning) throw new Error(`The event's field ${full} has no description.`);
    const given = field.default === undefined ? (words.fallback ?? '') : code(JSON.stringify(field.default));
    const needed = required.includes(name) && field.default === undefined;
    const row = [code(full), words.allowed ?? allowed(field), needed ? 'required' : given || 'none', meaning];
    const inner = closed.includes(full) ? {} : (field.properties ?? {});
    return [row, ...rowsOf(inner, field.required ?? [], `${full}.`, closed)];
  });
}

function allowed({type, const: only, enum: names, anyOf, ...field}: Field): string {
  if (only !== undefined) return code(JSON.stringify(only));
  const choices = names ?? anyOf?.map((choice) => choice.const);
  if (choices) return choices.map((choice) => code(JSON.stringify(choice))).join(', ');
  if (type === 'boolean') return '`true`, `false`';
  if (type === 'string') return `${field.minLength ?? 1} to ${field.maxLength} characters`;
  if (type === 'object') return 'an object';
  if (type !== 'integer' && type !== 'number') return 'any JSON';
  const {minimum, exclusiveMinimum, maximum = Number.MAX_SAFE_INTEGER} = field;
  const open = maximum === Number.MAX_SAFE_INTEGER;
  const kind = type === 'integer' ? 'a whole number' : 'a number';
  if (exclusiveMinimum !== undefined) return `${kind} above ${exclusiveMinimum}, up to ${maximum}`;
  return open ? `${kind}, ${minimum} or more` : `${kind}, ${minimum} to ${maximum}`;
}
