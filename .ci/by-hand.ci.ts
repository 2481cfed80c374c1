import {execFile} from 'node:child_process';
import {mkdir, mkdtemp, readdir, readFile, rm, symlink} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {documents, type HandPlace} from '../infra/documents.ts';
import {ACTIONS, BY_ADMINISTRATOR, BY_CHECK} from './support/aws-actions.ts';
import {ACCOUNT, type Moto, REGION, startMoto} from './support/moto.ts';
import {type Programs, policyOf, standIns} from './support/programs.ts';

/**
 * `docs/by-hand.md`, command by command, as it is printed there, by the real `aws` against moto. Not tried by
 * this: what docker does, whether AWS grants these rights (moto grants everything), and a film: its functions answer
 * without being run. A film through `aws lambda invoke` is in aws-cli.ci.ts.
 */
const page = await readFile('docs/by-hand.md', 'utf8');
const [making = '', removing = ''] = page.split('\n## Remove it\n');
const commandsOf = (text: string): string[] =>
  [...text.matchAll(/^```sh\n(.*?)^```/gms)].map(([, code = '']) => code);
const [names = '', ...steps] = commandsOf(making);

let moto: Moto;
let directory: string;
let programs: Programs;
let environment: NodeJS.ProcessEnv;

const run = promisify(execFile);
const bash = (...code: string[]) =>
  run('bash', ['-euo', 'pipefail', '-c', code.join('\n')], {cwd: directory, env: environment});
/** Asks moto, past the log of what the page called. */
const ask = async (...args: string[]): Promise<Record<string, unknown>> => {
  const {stdout} = await run(
    process.env.AWS_CLI ?? 'aws',
    [...args, '--endpoint-url', moto.environment.AWS_ENDPOINT_URL ?? '', '--output', 'json'],
    {env: environment},
  );
  return JSON.parse(stdout || '{}');
};

const bucket = `films-${ACCOUNT}`;
const role = 'revideo-render-role';
const place: HandPlace = {
  ...{partition: 'aws', region: REGION, account: ACCOUNT, bucket, user: 'me'},
  ...{functionName: 'revideo-render', queue: 'revideo-render-failed'},
};
/** As it came back from AWS: without what JSON does not have. */
const plain = (document: object) => JSON.parse(JSON.stringify(document));

beforeAll(async () => {
  moto = await startMoto();
  directory = await mkdtemp(join(tmpdir(), 'by-hand-'));
  // The repository without its build results.
  for (const entry of await readdir('.'))
    if (entry !== 'out') await symlink(join(process.cwd(), entry), join(directory, entry));
  await mkdir(join(directory, 'programs'));
  programs = standIns(join(directory, 'programs'));
  environment = {
    ...process.env,
    ...moto.environment,
    BUCKET: bucket,
    PATH: `${programs.folder}:${process.env.PATH}`,
  };
  await ask('iam', 'create-user', '--user-name', 'me');
  await bash(names, ...steps);
});

afterAll(async () => {
  await moto?.close();
  await rm(directory, {recursive: true, force: true});
});

describe('what the commands make', () => {
  it('a bucket in the region, with lifecycle, policy, CORS, and room for a public policy', async () => {
    const about = (what: string) => ask('s3api', what, '--bucket', bucket);
    expect(await about('get-bucket-location')).toEqual({LocationConstraint: REGION});
    expect(await about('get-bucket-lifecycle-configuration')).toMatchObject(plain(documents.lifecycle()));
    expect(JSON.parse(await readFile(policyOf(programs.folder), 'utf8'))).toEqual(
      plain(documents.bucket(place)),
    );
    expect(await about('get-public-access-block')).toEqual({
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        IgnorePublicAcls: true,
        BlockPublicPolicy: false,
        RestrictPublicBuckets: false,
      },
    });
    expect(await about('get-bucket-cors')).toMatchObject({CORSRules: [{AllowedMethods: ['GET', 'HEAD']}]});
  });

  it('a role that Lambda may take, with the rights of rights.ts', async () => {
    const {Role} = (await ask('iam', 'get-role', '--role-name', role)) as {Role: Record<string, unknown>};
    expect(Role.AssumeRolePolicyDocument).toEqual(documents.trust());
    const {PolicyDocument} = await ask(
      'iam',
      'get-role-policy',
      '--role-name',
      role,
      '--policy-name',
      'rights',
    );
    expect(PolicyDocument).toEqual(plain(documents.role(place)));
  });

  it('a policy of the user', async () => {
    const PolicyArn = `arn:aws:iam::${ACCOUNT}:policy/revideo-lambda`;
    expect(await ask('iam', 'list-attached-user-policies', '--user-name', 'me')).toMatchObject({
      AttachedPolicies: [{PolicyName: 'revideo-lambda', PolicyArn}],
    });
    const version = await ask('iam', 'get-policy-version', '--policy-arn', PolicyArn, '--version-id', 'v1');
    expect(version).toMatchObject({PolicyVersion: {Document: plain(documents.user(place))}});
  });

  it('a function of the image, with its settings and what follows a failure', async () => {
    const name = ['--function-name', 'revideo-render'];
    const image = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/revideo-render:latest`;
    expect(await ask('lambda', 'get-function', ...name)).toMatchObject({
      Configuration: {
        PackageType: 'Image',
        Timeout: 900,
        // Changed by the page's last command before the removal.
        MemorySize: 4096,
        Architectures: ['x86_64'],
        EphemeralStorage: {Size: 2048},
        Role: `arn:aws:iam::${ACCOUNT}:role/${role}`,
        Environment: {Variables: {REVIDEO_BUCKET_NAME: bucket}},
      },
      Code: {ImageUri: image},
    });
    expect(await ask('lambda', 'get-function-event-invoke-config', ...name)).toMatchObject({
      MaximumRetryAttempts: 0,
      DestinationConfig: {
        OnFailure: {Destination: `arn:aws:sqs:${REGION}:${ACCOUNT}:revideo-render-failed`},
      },
    });
  });

  it('a log with an end, a queue, a registry', async () => {
    expect(await ask('logs', 'describe-log-groups')).toMatchObject({
      logGroups: [{logGroupName: '/aws/lambda/revideo-render', retentionInDays: 30}],
    });
    expect(await ask('sqs', 'list-queues')).toMatchObject({
      QueueUrls: [expect.stringMatching(/\/revideo-render-failed$/)],
    });
    expect(await ask('ecr', 'describe-repositories')).toMatchObject({
      repositories: [{repositoryName: 'revideo-render'}],
    });
  });

  it('zsh reads the commands as bash does', () => {
    // To zsh, $NAME:latest is NAME in lower case, and "atest".
    expect([names, ...steps, ...commandsOf(removing)].join('\n')).not.toMatch(/\$\w+:/);
  });

  it('docker logs in, builds without attestations, tags and pushes', () => {
    const registry = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com`;
    expect(programs.calls('docker')).toEqual([
      `login --username AWS --password-stdin ${registry}`,
      expect.stringMatching(
        /^buildx build .*--provenance=false .*-f Dockerfile\.base -t revideo-lambda-base \.$/,
      ),
      expect.stringMatching(/^buildx build .*--provenance=false .*-t revideo-render:latest \.$/),
      `tag revideo-render:latest ${registry}/revideo-render:latest`,
      `push ${registry}/revideo-render:latest`,
    ]);
  });
});

describe('afterwards', () => {
  it('the last commands remove everything', async () => {
    await bash(names, ...commandsOf(removing));
    expect(await ask('s3api', 'list-buckets')).toMatchObject({Buckets: []});
    expect(await ask('lambda', 'list-functions')).toMatchObject({Functions: []});
    expect(await ask('iam', 'list-roles')).toMatchObject({Roles: []});
    expect(await ask('iam', 'list-policies', '--scope', 'Local')).toMatchObject({Policies: []});
    expect(await ask('logs', 'describe-log-groups')).toMatchObject({logGroups: []});
    expect(await ask('ecr', 'describe-repositories')).toMatchObject({repositories: []});
    expect(await ask('sqs', 'list-queues')).not.toHaveProperty('QueueUrls');
  });

  it("the user's policy has the rights that all these commands and the check take, and no other", () => {
    const docker = programs.calls('docker').filter((call) => call.startsWith('push'));
    const called = [...programs.calls('aws'), ...docker.map((call) => `docker ${call}`)];
    const commands = new Set(called.map((call) => call.split(' ').slice(0, 2).join(' ')));
    const own = [...commands].filter((command) => !BY_ADMINISTRATOR.includes(command));
    expect(own.filter((command) => !ACTIONS[command])).toEqual([]);
    const taken = new Set([...own.flatMap((command) => ACTIONS[command] ?? []), ...BY_CHECK]);
    const granted = documents.user(place).Statement.flatMap(({Action}) => Action);
    expect([...granted].sort()).toEqual([...taken].sort());
  });
});
