import {AssumeRoleCommand, STSClient} from '@aws-sdk/client-sts';
import {expect, it, onTestFinished} from 'vitest';
import {policy, roleStatements, type Statement} from '../infra/rights.ts';
import {openScene} from '../test/faults/support/scene.ts';
import {type Stage, startStage} from '../test/faults/support/stage.ts';
import {NOISE, renderEverything} from '../test/support/infra/everything.ts';

/**
 * The role's rights to S3 by a server that looks at them: MinIO, whose STS gives out credentials for as much as a policy
 * allows. It does not know the condition of `Look`, which is left out.
 */
const rights = roleStatements({
  ...{partition: 'aws', region: 'us-east-1', account: '123456789012', bucket: 'revideo-test-*'},
  ...{functionName: 'films', queue: 'films-failed'},
})
  .filter(({Action}) => [Action].flat().every((action) => action.startsWith('s3:')))
  .map(({Condition: _, ...statement}) => statement);

/** A function with these permissions only. */
async function stageWith(statements: readonly Statement[]): Promise<Stage> {
  const endpoint = process.env.S3_TEST_ENDPOINT ?? '';
  const sts = new STSClient({endpoint, region: 'us-east-1'});
  const {Credentials} = await sts.send(
    new AssumeRoleCommand({
      RoleArn: 'arn:aws:iam::123456789012:role/any',
      RoleSessionName: 'function',
      Policy: JSON.stringify(policy(statements)),
    }),
  );
  sts.destroy();
  const {AccessKeyId = '', SecretAccessKey = '', SessionToken = ''} = Credentials ?? {};
  const stage = await startStage({
    ...NOISE,
    environment: {
      ...NOISE.environment,
      AWS_ACCESS_KEY_ID: AccessKeyId,
      AWS_SECRET_ACCESS_KEY: SecretAccessKey,
      AWS_SESSION_TOKEN: SessionToken,
    },
  });
  onTestFinished(() => stage.close());
  return stage;
}

it('are enough for everything that jobs do', async () => {
  expect(rights.map(({Sid}) => Sid)).toEqual(['Films', 'Chunks', 'Jobs', 'Look']);
  await renderEverything(await stageWith(rights));
});

it.each(rights.map(({Sid}) => Sid))('without %s a job is refused', async (missing) => {
  const stage = await stageWith(rights.filter(({Sid}) => Sid !== missing));
  const event = {jobType: 'fullRender', jobId: 'refused', numWorkers: 1};
  const outcome = await openScene(stage, event as never).invokeOnce(event);
  expect(outcome?.error).toMatchObject({errorType: 'StorageRefused'});
});
