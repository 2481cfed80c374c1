import fc from 'fast-check';
import {expect, it} from 'vitest';
import {canonicalJson} from '../../../src/base/canonical-json.ts';
import {identify} from '../../../src/job/runs/identity.ts';
import {contentHash} from '../../../src/model/keys.ts';
import {ENCODERS} from '../../../src/model/quality.ts';
import {drawn, send} from '../../support/jobs.ts';
import {filmEvent} from '../../support/test-picture.ts';

/** Any JSON value as text, with names that are something else in JavaScript, and halves of a character. */
const names = fc.oneof(
  fc.string({maxLength: 3}),
  fc.constantFrom('__proto__', 'toJSON', 'length', '1', '\ud83d'),
);
const {value: anyValue} = fc.letrec((tie) => ({
  value: fc.oneof(
    {maxDepth: 4},
    ...[
      fc.integer(),
      fc.double({noNaN: true, noDefaultInfinity: true}),
      fc.boolean(),
      fc.constant(null),
      names,
    ],
    fc.array(tie('value'), {maxLength: 4}),
    fc.array(fc.tuple(names, tie('value')), {maxLength: 5}).map(objectOf),
  ),
}));

/** An object with keys in this order, as JSON makes it: `__proto__` is a name like any other. */
function objectOf(entries: readonly (readonly [string, unknown])[]): unknown {
  const made = {};
  for (const [name, value] of entries)
    Object.defineProperty(made, name, {value, enumerable: true, configurable: true, writable: true});
  return made;
}

/** The same value with the keys of all its objects the other way round. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== 'object' || value === null) return value;
  return objectOf(
    Object.entries(value)
      .reverse()
      .map(([name, one]) => [name, turned(one)]),
  );
}

it('canonical JSON is the same in any order of keys, is JSON of the same value, and another one of another value', () => {
  fc.assert(
    fc.property(anyValue, anyValue, (one, other) => {
      const text = canonicalJson(one);
      expect(canonicalJson(turned(one))).toBe(text);
      expect(JSON.stringify(JSON.parse(text)) === JSON.stringify(JSON.parse(canonicalJson(other)))).toBe(
        text === canonicalJson(other),
      );
      expect(canonicalJson(JSON.parse(text))).toBe(text);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(one)));
    }),
  );
});

it('variables in another order name the same content and the same request, also where there are many', () => {
  const entries = Array.from(
    {length: 120},
    (_, index) => [`name ${index}`, {b: index, a: [{d: 1, c: 2}]}] as const,
  );
  // If two names are equal after they are cut, the same one always counts.
  const long = ['x', 'y'].map((end) => [`${'n'.repeat(100)}${end}`, end] as const);
  const variables = objectOf([...long, ...entries]) as Record<string, unknown>;
  const other = turned(variables) as Record<string, unknown>;
  expect(Object.keys(other)).not.toEqual(Object.keys(variables));
  const identity = (given: Record<string, unknown>) =>
    identify(filmEvent(), {variables: given, fingerprint: 'f'});
  expect(identity(other)).toEqual(identity(variables));
  const content = (given: Record<string, unknown>) =>
    contentHash({fingerprint: 'f', variables: given, encoder: ENCODERS.cheapest, frameHashes: false});
  expect(content(other)).toBe(content(variables));
  expect(content({...variables, 'name 7': 0})).not.toBe(content(variables));
});

it('a request with variables in another order has the film, and under another name its chunks', async () => {
  const film = await send({variables: {a: 1, b: {c: 2, d: 3}}});
  const other = {b: {d: 3, c: 2}, a: 1};
  expect(await send({variables: other})).toEqual(film);
  expect(await send({jobId: 'other', variables: other})).toMatchObject({chunks: {rendered: 0, reused: 3}});
  expect(drawn).toHaveLength(3);
});
