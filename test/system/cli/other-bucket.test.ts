import {afterAll, expect, test} from 'vitest';
import {renderJob} from '../../../src/job/render-job.ts';
import {ffmpegMedia} from '../../../src/media/media.ts';
import {runKey} from '../../../src/model/keys.ts';
import {s3Buckets} from '../../../src/storage/s3/s3-buckets.ts';
import {runCli} from '../../support/cli.ts';
import {startS3Server} from '../../support/s3-server.ts';
import {filmEvent, inProcess, testPicture} from '../../support/test-picture.ts';

const server = await startS3Server();
const client = server.client();
const [own, other] = [await server.createBucket(), await server.createBucket()];
const storageFor = s3Buckets(() => client);
const [storage, films] = [storageFor(own), storageFor(other)];
afterAll(async () => {
  client.destroy();
  await server.close();
});

/** Runs a command about the jobs of the bucket with the records, and reads its answer. */
async function ask(...args: string[]) {
  const endpoint = await client.config.endpoint?.();
  const environment = {
    ...{AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test'},
    AWS_ENDPOINT_URL_S3: `${endpoint?.protocol}//${endpoint?.hostname}:${endpoint?.port}`,
  };
  const {code, stdout, stderr} = await runCli([...args, '--json', '--bucket', own], {environment});
  expect({code, stderr}).toEqual({code: 0, stderr: ''});
  return JSON.parse(stdout);
}

test('of a job whose film is in another bucket, that one is looked at, and cleaned', async () => {
  const renderer = testPicture();
  const engine = inProcess({renderer, storage});
  const output = {bucket: other, key: 'mine.mp4'};
  const {signal} = new AbortController();
  await renderJob(
    filmEvent({output}),
    {renderer, storage, storageFor, engine, media: ffmpegMedia},
    {},
    {signal},
  );
  expect(await ask('status', 'film')).toMatchObject({state: 'finished', result: {bucket: other}});
  expect(await ask('list')).toMatchObject([{jobId: 'film', state: 'finished', frames: 23}]);

  const claim = {owner: 'dead', identity: {}, root: 1, handedOver: 0, film: {...output, chosen: true}};
  const records = {claim, storing: {bucket: other, keys: ['mine.mp4']}, beat: {ended: true}};
  for (const [record, value] of Object.entries(records))
    await storage.put(runKey('dead', 1, record as 'claim'), JSON.stringify(value));
  await storage.put('mine.mp4', 'somebody else');
  expect(await ask('cancel', 'dead')).toMatchObject({state: 'cancelled'});
  expect(await films.head('mine.mp4')).toBeUndefined();
  expect(await storage.head('mine.mp4')).toBeDefined();
});
