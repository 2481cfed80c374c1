import {fileURLToPath} from 'node:url';
import {expect, onTestFinished, test} from 'vitest';
import {startService} from '../../../local-lambda/service.ts';
import {createClient} from '../../../src/apps/client/create-client.ts';
import {runCli} from '../../support/cli.ts';
import {scratch} from '../../support/processes.ts';

const credentials = {accessKeyId: 'local', secretAccessKey: 'local'};

test('status --function asks the function', async () => {
  const file = fileURLToPath(new URL('../../support/client/films.ts', import.meta.url));
  const environment = {REVIDEO_DIRECTORY: scratch()};
  const handler = {file, exportName: 'handler'};
  const films = {name: 'films', handler, environment, memoryMb: 512, timeoutSeconds: 60};
  const service = await startService({functions: [films], logs: () => {}});
  onTestFinished(() => service.close());
  const where = {functionName: 'films', endpoint: service.url, region: 'us-east-1', credentials};
  const result = await createClient(where).render({jobId: 'X', numWorkers: 2});
  const {code, stdout, stderr} = await runCli(['status', 'X', '--function', 'films'], {
    environment: {
      ...{AWS_ENDPOINT_URL_LAMBDA: service.url, AWS_REGION: 'us-east-1'},
      ...{AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local'},
    },
  });
  expect({code, stderr}).toEqual({code: 0, stderr: ''});
  expect(JSON.parse(stdout)).toMatchObject({state: 'finished', run: 1, result});
});
