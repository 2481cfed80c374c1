import type {z} from 'zod';
import {RenderError} from '../base/errors.ts';
import {shownValue} from '../base/shown-value.ts';
import {FullRender, MAX_WORKERS, RenderEvent} from './event.ts';
import {MAX_COST} from './max-cost.ts';
import {QUALITIES} from './quality.ts';
import {STORAGE_CLASSES} from './storage-classes.ts';

/** The allowed values of each field, in the words of the error message. */
const ALLOWED = {
  jobType: '"fullRender", "partialRender", "cancel", "status" or "check"',
  jobId: '1 to 128 characters of A-Z a-z 0-9 . _ - that do not start with a dot',
  numWorkers: `a whole number from 1 to ${MAX_WORKERS}`,
  workerId: 'a whole number from 0 to numWorkers - 1',
  variables: 'a JSON object',
  variablesStored: 'true or false, and not true beside variables',
  attempt: 'a whole number from 1',
  request: 'an object with the fields of a fullRender, less jobType and jobId',
  invocation: '1 to 64 characters of A-Z a-z 0-9 _ -',
  force: 'true or false',
  frameHashes: 'true or false',
  silentTrack: 'true or false',
  quality: new Intl.ListFormat('en-GB', {type: 'disjunction'}).format(QUALITIES.map((name) => `"${name}"`)),
  poster: 'a number of seconds from 0',
  thumbnails: 'a whole number from 1 to 100',
  expiresIn: 'a whole number of seconds from 1 to 604800',
  maxCost: MAX_COST,
  expireAfter: '1, 3, 7 or 30 (days)',
  'output.bucket': 'the name of a bucket: 3 to 63 characters of a-z 0-9 . -',
  'output.key': `1 to 512 characters of A-Z a-z 0-9 . _ - / ! ( ) * ' and space, no "." or ".." or empty name between slashes`,
  'output.storageClass': new Intl.ListFormat('en-GB', {type: 'disjunction'}).format(STORAGE_CLASSES),
  'webhook.url': 'an http or https address of up to 2048 characters',
  'webhook.secret': '16 to 256 characters',
  'webhook.secretName': '1 to 64 characters of A-Z 0-9 _, and not beside secret',
  output: `an object with bucket, key (1 to 512 characters of A-Z a-z 0-9 . _ - / ! ( ) * ' and space, no "." or ".." or empty name between slashes) and storageClass (${STORAGE_CLASSES.join(', ')}), each optional`,
  webhook:
    'an object with url (http or https, up to 2048 characters). It may also have secretName (1 to 64 characters of A-Z 0-9 _) or secret (16 to 256 characters), and customData (any JSON)',
  'chunk.segments': 'a list of whole numbers from 1 whose sum is end - start',
  chunk:
    'an object with start, end (whole numbers, 0 <= start < end), segments, content (32 hexadecimal digits), run and, if wanted, tellEvery (whole numbers from 1)',
} as const;

/**
 * Checks an event.
 *
 * @throws `BadEvent` that names every wrong field by its path, its value and what is allowed.
 */
export function parseEvent(event: unknown): RenderEvent {
  refuseDepth(event);
  const parsed = RenderEvent.safeParse(event);
  if (parsed.success) return parsed.data;
  const complaints = parsed.error.issues.map((issue) => complaint(issue, event));
  throw new RenderError('BadEvent', `The event cannot be used. ${[...new Set(complaints)].join(' ')}`);
}

function complaint(issue: z.core.$ZodIssue, event: unknown): string {
  if (issue.path.length === 0 && issue.code === 'unrecognized_keys') {
    const kind = isObject(event)
      ? RenderEvent.options.find(({shape}) => shape.jobType.value === event.jobType)
      : undefined;
    const allowed = Object.keys((kind ?? FullRender).shape);
    return `${issue.keys.join(', ')}: not a field of this event; its fields are ${allowed.join(', ')}.`;
  }
  if (!isObject(event))
    return `It is ${shownValue(event)}; an event is a JSON object such as {"jobType": "fullRender"}.`;
  const field = String(issue.path[0] ?? 'jobType') as keyof typeof ALLOWED;
  const path = issue.path.length ? issue.path.join('.') : field;
  const value = issue.path.length
    ? issue.path.reduce<unknown>(
        (at, step) => (isObject(at) || Array.isArray(at) ? Reflect.get(at, step) : undefined),
        event,
      )
    : event[field];
  // A webhook's address and secret are confidential: no message shows them, not even a bad one.
  const isSecret = issue.path.includes('webhook') && value !== undefined;
  const shown = isSecret ? 'cannot be used' : `is ${shownValue(value)}`;
  const is = value === undefined ? 'is missing' : shown;
  const allowed = ALLOWED[path as keyof typeof ALLOWED] ?? ALLOWED[field];
  return `${path} ${is}; it must be ${allowed}.`;
}

/** Deeper than anyone's data, and well within what a browser takes over its protocol. */
const MAX_DEPTH = 100;

/** Refuses what is nested too deeply. Level by level, since a check that calls itself is what deep nesting breaks. */
export function refuseDepth(event: unknown): void {
  let level: unknown[] = [event];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) {
      throw new RenderError(
        'BadEvent',
        `The event cannot be used. Its variables are nested more than ${MAX_DEPTH} levels deep; ${MAX_DEPTH} are allowed.`,
      );
    }
    level = level.flatMap((value) => (typeof value === 'object' && value ? Object.values(value) : []));
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
