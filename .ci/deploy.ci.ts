import {execFile} from 'node:child_process';
import {mkdir, mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {documents} from '../infra/documents.ts';
import {ACCOUNT, type Moto, REGION, startMoto} from './support/moto.ts';
import {type Programs, standIns} from './support/programs.ts';

/**
 * `npm run deploy` and `npm run destroy` with the real CDK. It prepares moto's account, sends its template
 * and its image's name there, and CloudFormation makes the stack. moto makes these parts: bucket (with its
 * encryption), role, function (without /tmp size, log and recursion), log group and queue. It skips the
 * bucket's lifecycle, policy and public access block, the queue's policy, the settings of asynchronous calls,
 * and alarms. Other tests check those: test/system/infra on the template, by-hand.ci.ts on the documents made by
 * hand. Not tried: whether AWS accepts the stack, and docker itself, because its stand-in always succeeds.
 */
let moto: Moto;
let directory: string;
let programs: Programs;
let environment: NodeJS.ProcessEnv;

const run = promisify(execFile);
const infra = async (program: 'deploy' | 'destroy', ...args: string[]) => {
  const {stdout, stderr} = await run(process.execPath, [`infra/${program}.ts`, ...args], {env: environment});
  return stdout + stderr;
};
const aws = async (...args: string[]): Promise<Record<string, unknown>> => {
  const where = ['--endpoint-url', moto.environment.AWS_ENDPOINT_URL ?? '', '--output', 'json'];
  const {stdout} = await run(process.env.AWS_CLI ?? 'aws', [...args, ...where], {env: environment});
  return JSON.parse(stdout || '{}');
};
const buckets = async (): Promise<string[]> => {
  const {Buckets = []} = (await aws('s3api', 'list-buckets')) as {Buckets?: {Name: string}[]};
  return Buckets.map(({Name}) => Name).filter((name) => name.startsWith('revideo-render-films'));
};
const configuration = () => aws('lambda', 'get-function-configuration', '--function-name', 'revideo-render');

beforeAll(async () => {
  moto = await startMoto();
  directory = await mkdtemp(join(tmpdir(), 'deploy-'));
  await mkdir(join(directory, 'programs'));
  programs = standIns(join(directory, 'programs'));
  const path = `${programs.folder}:${process.env.PATH}`;
  environment = {...process.env, ...moto.environment, PATH: path, CDK_DOCKER: 'docker', HOME: directory};
});

afterAll(async () => {
  await moto?.close();
  await rm(directory, {recursive: true, force: true});
});

describe('npm run deploy', () => {
  it('says that a region has to be prepared first', async () => {
    const failed = await infra('deploy', '--yes').catch((error) => error);
    expect(failed.code).toBe(2);
    expect(failed.stderr).toBe(
      `BadSetting: Account ${ACCOUNT} is not prepared for CDK in ${REGION}. Add --bootstrap, once: it makes the stack CDKToolkit, with a bucket, a registry and roles for deployments.\n`,
    );
  });

  it('prepares it, makes everything, and says what there is', async () => {
    const said = await infra('deploy', '--bootstrap', '--yes');
    const [bucket = ''] = await buckets();
    expect(said).toContain(`revideo-render.BucketName = ${bucket}\n`);
    expect(said).toContain('revideo-render.FunctionName = revideo-render\n');
    expect(said).toMatch(
      /revideo-render\.Invoke = aws lambda invoke --region eu-central-1 .*--cli-read-timeout 0/,
    );
    expect(said).toContain(`https://${REGION}.console.aws.amazon.com/lambda/`);
    expect(await configuration()).toMatchObject({
      MemorySize: 3008,
      Timeout: 900,
      Architectures: ['x86_64'],
      Environment: {Variables: {REVIDEO_BUCKET_NAME: bucket}},
    });
    expect(await aws('s3api', 'get-bucket-encryption', '--bucket', bucket)).toMatchObject({
      ServerSideEncryptionConfiguration: {
        Rules: [{ApplyServerSideEncryptionByDefault: {SSEAlgorithm: 'AES256'}}],
      },
    });
    expect(await aws('logs', 'describe-log-groups')).toMatchObject({
      logGroups: [{logGroupName: '/aws/lambda/revideo-render', retentionInDays: 30}],
    });
    expect(await aws('sqs', 'list-queues')).toMatchObject({
      QueueUrls: [expect.stringMatching(/\/revideo-render-FailedJobs/)],
    });
  });

  it('gives the function a role with the rights of rights.ts, for this account and this bucket', async () => {
    const {Role} = (await configuration()) as {Role: string};
    const name = Role.split('/').at(-1) ?? '';
    const {PolicyNames} = await aws('iam', 'list-role-policies', '--role-name', name);
    expect(PolicyNames).toEqual(['Rights']);
    const {PolicyDocument} = await aws(
      ...['iam', 'get-role-policy', '--role-name', name, '--policy-name', 'Rights'],
    );
    const {QueueUrls: [queueUrl = ''] = []} = (await aws('sqs', 'list-queues')) as {QueueUrls?: string[]};
    const queue = queueUrl.split('/').at(-1) ?? '';
    // moto returns CloudFormation's input as Python writes it.
    const {Statement} = JSON.parse(String(PolicyDocument).replaceAll("'", '"'));
    const place = {
      ...{partition: 'aws', region: REGION, account: ACCOUNT, user: 'me'},
      ...{bucket: (await buckets())[0] ?? '', functionName: 'revideo-render', queue},
    };
    const lists = (statements: readonly {Action: string | readonly string[]}[]) =>
      statements.map((statement) => ({...statement, Action: [statement.Action].flat()}));
    expect(lists(Statement)).toEqual(lists(documents.role(place).Statement));
    expect(await aws('iam', 'list-attached-role-policies', '--role-name', name)).toMatchObject({
      AttachedPolicies: [],
    });
  });

  it('builds the image for x86_64 and sends it to the registry under the name that the function has', async () => {
    const calls = programs.calls('docker');
    const build = calls.filter((call) => /^build .*--file Dockerfile /.test(`${call} `));
    expect(build).toHaveLength(1);
    expect(build[0]).toContain('--build-arg BASE=revideo-lambda-base --build-arg PROJECT=revideo-project');
    expect(build[0]).toContain('--platform linux/amd64');
    const {Code} = (await aws('lambda', 'get-function', '--function-name', 'revideo-render')) as {
      Code: {ImageUri: string};
    };
    expect(calls).toContain(`push ${Code.ImageUri}`);
  });

  it('updates what is there when it is called again', async () => {
    const [bucket] = await buckets();
    const said = await infra('deploy', '--yes', '--memory', '4096', '--env', 'REVIDEO_ATTEMPTS=2');
    expect(said).toContain(`revideo-render.BucketName = ${bucket}\n`);
    expect(await configuration()).toMatchObject({
      MemorySize: 4096,
      Environment: {Variables: {REVIDEO_BUCKET_NAME: bucket, REVIDEO_ATTEMPTS: '2'}},
    });
    expect(await buckets()).toEqual([bucket]);
  });
});

describe('npm run destroy', () => {
  it('removes nothing unasked', async () => {
    const failed = await infra('destroy').catch((error) => error);
    expect(failed.stderr).toBe('BadSetting: No terminal can answer the question: add --yes.\n');
    expect(await configuration()).toMatchObject({FunctionName: 'revideo-render'});
  });

  it('keeps the films, says so, and the next deployment gets along with that', async () => {
    const [kept = ''] = await buckets();
    await aws('s3api', 'put-object', '--bucket', kept, '--key', 'renders/a.mp4');
    const said = await infra('destroy', '--yes');
    expect(said).toContain(`bucket ${kept}, with all films that are in it.`);
    expect(said).toContain(`aws s3 rb --force s3://${kept} --region ${REGION}`);
    expect(said).toContain(`cdk-hnb659fds-container-assets-${ACCOUNT}-${REGION}`);
    expect(await aws('lambda', 'list-functions')).toMatchObject({Functions: []});
    expect(await aws('logs', 'describe-log-groups')).toMatchObject({logGroups: []});
    expect(await buckets()).toEqual([kept]);

    await infra('deploy', '--yes');
    expect(await buckets()).toHaveLength(2);
  });

  it('removes the films of the stack that it is asked to remove them of, and no others', async () => {
    const {Environment} = (await configuration()) as {Environment: {Variables: Record<string, string>}};
    const {REVIDEO_BUCKET_NAME: bucket = ''} = Environment.Variables;
    for (const key of ['renders/a.mp4', 'jobs/a/variables.json'])
      await aws('s3api', 'put-object', '--bucket', bucket, '--key', key);
    const [other] = (await buckets()).filter((name) => name !== bucket);
    expect(await infra('destroy', '--yes', '--with-films')).toContain(
      `Bucket ${bucket} is removed, with 2 objects.\n`,
    );
    expect(await buckets()).toEqual([other]);
  });

  it('says that there is nothing to remove', async () => {
    const failed = await infra('destroy', '--yes').catch((error) => error);
    expect(failed.stderr).toBe(
      `BadSetting: There is no stack revideo-render in ${REGION}, account ${ACCOUNT}. If it left a bucket of films, \`aws s3 ls\` shows it, and \`aws s3 rb --force s3://<bucket>\` removes it.\n`,
    );
  });
});
