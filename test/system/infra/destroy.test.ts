import {expect, it, onTestFinished} from 'vitest';
import {ACCOUNT, type Answer, startAws} from '../../support/infra/aws.ts';
import {runInfra, type Said} from '../../support/infra/commands.ts';

const STACK = {StackName: 'revideo-render', StackId: 'arn:stack', bucket: 'films'};
const NO_KEYS = '<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>';
const notEmpty = {
  status: 409,
  code: 'BucketNotEmpty',
  message: 'The bucket you tried to delete is not empty',
};

/** Destroys a stack that ends as given, with the given answers of S3. */
async function destroy(
  args: string[],
  {end, s3}: {end: Partial<typeof STACK> & object; s3?: Answer},
): Promise<Said> {
  let asked = false;
  const aws = await startAws((action) => {
    if (action === 'DeleteStack') asked = true;
    if (action === 'DeleteStack') return {xml: '<DeleteStackResponse/>'};
    if (action === 'DescribeStacks') return {stack: asked ? {...STACK, ...end} : STACK};
    if (action.startsWith('GET /films')) return {xml: NO_KEYS};
    return action.startsWith('DELETE /films') ? s3 : undefined;
  });
  onTestFinished(() => aws.close());
  return runInfra('destroy', {args: ['--yes', ...args], machine: {aws: aws.environment}});
}

const GONE = {StackStatus: 'DELETE_COMPLETE'};

it('what CloudFormation could not remove is said with its reason, in a line', async () => {
  const StackStatusReason = 'The following resource(s) failed to delete: [Role]. ';
  const end = {StackStatus: 'DELETE_FAILED', StackStatusReason};
  expect(await destroy(['--with-films'], {end})).toEqual({
    code: 1,
    stdout: '',
    stderr: `StackNotRemoved: CloudFormation did not remove revideo-render: DELETE_FAILED, The following resource(s) failed to delete: [Role]. Its events are in the CloudFormation console. Run the same command again to remove the rest.\n`,
  });
});

it('a bucket that could not be removed is named, since its stack is gone', async () => {
  const {code, stdout, stderr} = await destroy(['--with-films'], {end: GONE, s3: {error: notEmpty}});
  expect(stderr).toBe(`BucketNotRemoved: S3 did not remove films: ${notEmpty.message}\n`);
  expect(stdout).toMatch(/^revideo-render is removed\.\nKept:\n {2}bucket films, /);
  expect(stdout).toContain('    aws s3 rb --force s3://films --region eu-central-1\n');
  expect(code).toBe(1);
});

it('a bucket that is removed is not kept, and images are, with what removes the young ones too', async () => {
  const {code, stdout} = await destroy(['--with-films'], {end: GONE, s3: {xml: ''}});
  expect(stdout).toMatch(
    /^revideo-render is removed\.\nBucket films is removed, with 0 objects\.\nKept:\n {2}the images, /,
  );
  expect(stdout).toContain('also those of other CDK apps:\n');
  expect(stdout).toContain(
    `npx cdk gc aws://${ACCOUNT}/eu-central-1 --unstable=gc --type=ecr --created-buffer-days 0\n`,
  );
  expect(code).toBe(0);
});

it('an option that it does not know ends it with 2, as in every command', async () => {
  expect(await destroy(['--no-such'], {end: GONE})).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(/^BadSetting: unknown option '--no-such'/),
  });
});
