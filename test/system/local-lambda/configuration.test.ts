import {fileURLToPath} from 'node:url';
import {GetFunctionConfigurationCommand, LambdaClient} from '@aws-sdk/client-lambda';
import {expect, it, onTestFinished} from 'vitest';
import {startService} from '../../../local-lambda/service.ts';

it("tells a function's settings, and of its variables none that is a secret", async () => {
  const file = fileURLToPath(new URL('../../support/client/films.ts', import.meta.url));
  const secrets = {AWS_SECRET_ACCESS_KEY: 'x', REVIDEO_HTTP_SECRET: 'x'.repeat(16)};
  const environment = {REVIDEO_DIRECTORY: '/films', ...secrets};
  const handler = {file, exportName: 'handler'};
  const films = {name: 'films', handler, environment, memoryMb: 512, timeoutSeconds: 60};
  const service = await startService({functions: [films], logs: () => {}});
  const credentials = {accessKeyId: 'local', secretAccessKey: 'local'};
  const lambda = new LambdaClient({endpoint: service.url, region: 'us-east-1', credentials});
  onTestFinished(async () => {
    lambda.destroy();
    await service.close();
  });
  const told = await lambda.send(new GetFunctionConfigurationCommand({FunctionName: 'films'}));
  expect(told).toMatchObject({FunctionName: 'films', MemorySize: 512, Timeout: 60, State: 'Active'});
  expect(told.Environment).toEqual({Variables: {REVIDEO_DIRECTORY: '/films'}});
  const other = lambda.send(new GetFunctionConfigurationCommand({FunctionName: 'other'}));
  await expect(other).rejects.toMatchObject({name: 'ResourceNotFoundException'});
});
