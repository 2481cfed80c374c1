import {once} from 'node:events';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {join} from 'node:path';
import {buffer} from 'node:stream/consumers';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {roleStatements, type Statement} from '../../infra/rights.ts';
import type {FunctionCheck} from '../../src/check/check-function.ts';
import {garble, gate, s3Answers} from '../faults/support/disturbances.ts';
import {partialOf} from '../faults/support/events.ts';
import type {Matcher} from '../faults/support/proxy.ts';
import {writes} from '../faults/support/s3.ts';
import {type Outcome, openScene} from '../faults/support/scene.ts';
import {FUNCTION, type Stage, startStage} from '../faults/support/stage.ts';
import {PROJECTS} from '../support/project-media.ts';
import {type Asked, askedOfLambda, askedOfS3} from './support/actions.ts';

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

/** Frames of noise, in chunks and a film that are too large for one request. */
const EVENT = {jobType: 'fullRender', jobId: 'one', numWorkers: 1, quality: 'balanced', frameHashes: true};

/** A part of an upload to a key that matches. */
const parts =
  (key: RegExp): Matcher =>
  (exchange) =>
    exchange.query.has('partNumber') && writes(key)(exchange);

/** As often as the SDK tries one request, for the two parts that are under way at a time. */
const UNTIL_IT_GIVES_UP = {last: 10};

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stage = await startStage({
    concurrency: 3,
    environment: {
      REVIDEO_PROJECT: join(PROJECTS, 'noise'),
      // Whatever of AWS is neither S3 nor Lambda.
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    },
  });
  await renderEverything();
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

/** Jobs that together do all that this system does with AWS; each is seen to have come to what it should. */
async function renderEverything(): Promise<void> {
  const {bucket} = stage;
  const send = (event: object): Promise<Outcome | undefined> =>
    openScene(stage, {...EVENT, variables: {wishes: {}}} as never).invokeOnce(event);

  // A chunk and a film whose upload fails in its middle, and succeeds the next time.
  const chunk = bucket.proxy.disturb(parts(/^chunks\//), s3Answers(500, 'InternalError'), UNTIL_IT_GIVES_UP);
  const film = bucket.proxy.disturb(parts(/^renders\//), s3Answers(500, 'InternalError'), UNTIL_IT_GIVES_UP);
  const one = await send(EVENT);
  expect(one?.result).toMatchObject({state: 'finished', chunks: {retried: 1}});
  expect([chunk.hits(), film.hits()]).not.toContain(0);
  bucket.proxy.calm();
  // It is there already; and its address works.
  expect((await send(EVENT))?.result).toMatchObject({state: 'finished'});
  const {resultUrl = ''}: {resultUrl?: string} = one?.result ?? {};
  expect((await fetch(resultUrl)).status).toBe(200);

  // A chunk that is not what its record says is drawn anew. The variables are in the bucket.
  const [stored] = (await bucket.direct.list('chunks/')).filter(({key}) => key.endsWith('.h264'));
  const bytes = await buffer(await bucket.direct.get(stored?.key ?? ''));
  await bucket.direct.put(stored?.key ?? '', garble(bytes));
  await bucket.direct.put('jobs/two/variables.json', '{}');
  const two = await send({...EVENT, jobId: 'two', variablesStored: true});
  expect(two?.result).toMatchObject({state: 'finished', chunks: {rendered: 1}});

  // A job that is cancelled before its film is stored.
  const held = gate();
  const stop = bucket.proxy.disturb(writes(/^renders\/three/), held.hold);
  const three = send({...EVENT, jobId: 'three'});
  await stop.met;
  expect((await send({jobType: 'cancel', jobId: 'three'}))?.result).toMatchObject({state: 'cancelled'});
  held.open();
  expect((await three)?.error).toMatchObject({errorType: 'Cancelled'});
  bucket.proxy.calm();

  // Somebody asks how it is, and whether all is right.
  expect((await send({jobType: 'status', jobId: 'one'}))?.result).toMatchObject({state: 'finished'});
  const check = (await send({jobType: 'check'}))?.result as unknown as FunctionCheck;
  expect(check.checks.filter(({state}) => state === 'failed')).toEqual([]);
}

/** Whether a statement allows this. */
const allows = ({Action, Resource, Condition}: Statement, {action, resource, prefix}: Asked): boolean => {
  const fits = [Resource].flat().some((pattern) => covers(pattern, resource));
  const patterns = Condition?.StringLikeIfExists?.['s3:prefix'] ?? '*';
  return (
    [Action].flat().includes(action) &&
    fits &&
    (prefix === undefined || [patterns].flat().some((pattern) => covers(pattern, prefix)))
  );
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

  it('nothing else of AWS is asked for anything', () => {
    expect(elsewhere).toEqual([]);
  });
});
