import {once} from 'node:events';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {roleStatements, type Statement} from '../../../infra/rights.ts';
import {partialOf} from '../../faults/support/events.ts';
import {FUNCTION, type Stage, startStage} from '../../faults/support/stage.ts';
import {type Asked, askedOfLambda, askedOfS3} from '../../support/infra/actions.ts';
import {NOISE, renderEverything} from '../../support/infra/everything.ts';

/** Lambda itself needs these in the function's name; nothing of them is in the code. */
const BY_LAMBDA = ['Log', 'FailedJobs'];

let stage: Stage;
let rights: Statement[];
let asked: Asked[];
const elsewhere: string[] = [];
const server = createServer((request, response) => {
  elsewhere.push(`${request.method} ${request.url}`);
  response.writeHead(403).end();
});

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stage = await startStage({
    ...NOISE,
    environment: {
      ...NOISE.environment,
      // Whatever of AWS is neither S3 nor Lambda.
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    },
  });
  await renderEverything(stage);
  const {bucket, invoke} = stage;
  rights = roleStatements({
    ...{partition: 'aws', region: 'REGION', account: 'ACCOUNT', bucket: bucket.name},
    ...{functionName: FUNCTION, queue: 'QUEUE'},
  });
  // Whole jobs and cancellations are sent by this test; workers by the function.
  const own = invoke.passed.filter(({exchange}) => partialOf(exchange.body));
  asked = [...own.map(askedOfLambda), ...bucket.proxy.passed.flatMap(askedOfS3)];
});

afterAll(async () => {
  await stage.close();
  server.closeAllConnections();
  server.close();
});

/** Whether a statement allows this. */
const allows = ({Action, Resource, Condition}: Statement, {action, resource, prefix}: Asked): boolean => {
  const fits = [Resource].flat().some((pattern) => covers(pattern, resource));
  const patterns = Condition?.StringLike?.['s3:prefix'];
  // A condition without IfExists is not met by a request that does not have the key.
  const listed = patterns === undefined || [patterns].flat().some((one) => covers(one, prefix ?? ''));
  return [Action].flat().includes(action) && fits && listed;
};

/** A `*` of IAM stands for anything, also for slashes. */
const covers = (pattern: string, text: string): boolean => {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[^\w]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(text);
};

describe("the role's rights and what jobs ask of AWS", () => {
  it('no right is missing', () => {
    const refused = asked.filter((what) => !rights.some((right) => allows(right, what)));
    expect(refused).toEqual([]);
  });

  it('no right is unused', () => {
    const single = rights
      .filter(({Sid}) => !BY_LAMBDA.includes(Sid))
      .flatMap((right) => [right.Action].flat().map((Action) => ({...right, Action})));
    const unused = single.filter((right) => !asked.some((what) => allows(right, what)));
    expect(unused.map(({Sid, Action}) => `${Sid}: ${Action}`)).toEqual([]);
    expect(single).toHaveLength(13);
  });

  it('what is listed, and what is looked for in vain, is what the condition was made for', () => {
    const listed = new Set(asked.flatMap(({prefix}) => prefix?.split('/')[0] ?? []));
    expect([...listed].sort()).toEqual(['chunks', 'jobs', 'renders']);
    const vain = stage.bucket.proxy.passed.filter(({told}) => told === 404);
    expect(vain.map(({exchange}) => exchange.path).join(' ')).toMatch(/\/renders\/one\.mp4/);
  });

  it('what is not ours in the bucket is not listed, nor all of it', () => {
    const list = (prefix?: string) =>
      rights.some((right) =>
        allows(right, {
          action: 's3:ListBucket',
          resource: `arn:aws:s3:::${stage.bucket.name}`,
          ...(prefix !== undefined && {prefix}),
        }),
      );
    expect(list('jobs/1/')).toBe(true);
    expect([list(), list(''), list('private/')]).toEqual([false, false, false]);
  });

  it('nothing else of AWS is asked for anything', () => {
    expect(elsewhere).toEqual([]);
  });
});
