import {expect, it} from 'vitest';
import {withProviders} from '../../src/model/earlier-usage.ts';
import {Trace} from '../../src/model/trace.ts';
import {makeTrace} from '../support/traces.ts';

type Fields = Record<string, unknown>;
const bare = (usage: unknown): Fields => {
  const {provider: _, ...rest} = usage as Fields;
  return rest;
};

/** A trace as schema 2 wrote it. */
function ofSchema2({attempts, orchestrator, used, ...rest}: Trace): Fields {
  return {
    ...rest,
    attempts: attempts.map(({used, ...attempt}) => ({...attempt, ...(used && {invocation: bare(used)})})),
    orchestrator: bare(orchestrator),
    operations: bare(used[0]),
  };
}

it('a trace of schema 2 is read as one of today, and one of today stays as it is', () => {
  const today = makeTrace({chunks: 30});
  const earlier = ofSchema2(today);
  expect(JSON.stringify(earlier)).not.toContain('aws-');
  expect(Trace.parse(earlier)).toEqual(today);
  expect(Trace.parse(today)).toEqual(today);
});

it("a chunk's record of schema 2 keeps the usage of its worker", () => {
  const invocation = {id: 'i', billedMs: 3};
  const used = {provider: 'aws-lambda', ...invocation};
  expect(withProviders({key: 'k', invocation})).toEqual({key: 'k', used});
  expect(withProviders({key: 'k', used})).toEqual({key: 'k', used});
});

it.each([undefined, null, 1, 'text', [{operations: {}}]])('%j stays as it is', (value) => {
  expect(withProviders(value)).toBe(value);
});
