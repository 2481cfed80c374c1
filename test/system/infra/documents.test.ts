import {execFile} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {expect, it} from 'vitest';
import {
  DOCUMENT_NAMES,
  type DocumentName,
  documentFile,
  documents,
  documentText,
  PLACEHOLDERS,
} from '../../../infra/documents.ts';
import {lifecycleRules} from '../../../infra/lifecycle.ts';
import {renderKey} from '../../../src/model/keys.ts';
import {scratch} from '../../support/processes.ts';

const policies = async (...args: string[]) =>
  promisify(execFile)(process.execPath, ['infra/policies.ts', ...args]);
const PLACE = [
  '--account',
  '123456789012',
  '--region',
  'eu-central-1',
  '--bucket',
  'my-films',
  '--user',
  'me',
];
const FUNCTION_NAMES =
  '2 to 59 of a-z 0-9, with a single - or _ between them, and first a letter: what is also the name of a repository';

it.each(DOCUMENT_NAMES)(
  '%s.json in the repository is what rights.ts says (npm run policies -- --write)',
  (name) => {
    expect(readFileSync(documentFile(name), 'utf8')).toBe(documentText(name, PLACEHOLDERS));
  },
);

it('npm run policies fills them in', async () => {
  const {stdout} = await policies('role', ...PLACE, '--function', 'films');
  expect(JSON.parse(stdout)).toEqual(
    documents.role({
      ...{partition: 'aws', region: 'eu-central-1', account: '123456789012', bucket: 'my-films'},
      ...{functionName: 'films', queue: 'films-failed', user: 'me'},
    }),
  );
  expect(stdout).not.toMatch(/ACCOUNT|BUCKET|REGION|FUNCTION|USER/);
});

it('npm run policies writes all of them into a folder, and knows the other partitions', async () => {
  const folder = scratch();
  await policies(...PLACE, '--region', 'us-gov-west-1', '--out', folder);
  const read = (name: DocumentName) => readFileSync(join(folder, `${name}.json`), 'utf8');
  for (const name of DOCUMENT_NAMES) expect(read(name)).not.toMatch(/ACCOUNT|BUCKET|REGION|FUNCTION|USER/);
  expect(read('role')).toContain('arn:aws-us-gov:s3:::my-films/renders/*');
});

it('npm run policies refuses what cannot be a name, with what is allowed', async () => {
  const wrong = ['--account', '12', '--bucket', 'My Films', '--function', 'Films'];
  const failed = await policies(...wrong).catch((error) => error);
  expect(failed).toMatchObject({
    code: 2,
    stdout: '',
    stderr: `BadSetting: --account is "12"; it must be 12 digits.
--bucket is "My Films"; it must be 3 to 63 of a-z 0-9 . -.
--function is "Films"; it must be ${FUNCTION_NAMES}.
`,
  });
});

it.each(['Films', 'films_', 'my--films', 'f'.repeat(60)])(
  'a function %s is refused: registry, docker and role could not be called that too',
  async (name) => {
    const failed = await policies(...PLACE, '--function', name).catch((error) => error);
    expect(failed.stderr).toBe(`BadSetting: --function is "${name}"; it must be ${FUNCTION_NAMES}.\n`);
  },
);

it('the longest name of a function is not', async () => {
  const name = `my-films_${'f'.repeat(50)}`;
  expect((await policies('role', ...PLACE, '--function', name)).stdout).toContain(`:function:${name}"`);
});

it('the public reads finished films, and nothing else', () => {
  const {Statement} = documents.bucket(PLACEHOLDERS);
  const toAll = Statement.filter(({Effect, Principal}) => Effect === 'Allow' && Principal === '*');
  expect(toAll.map(({Action, Resource}) => [Action, Resource])).toEqual([
    ['s3:GetObject', ['arn:aws:s3:::BUCKET/renders/*', 'arn:aws:s3:::BUCKET/renders-*']],
  ]);
  expect(renderKey('x', 'mp4')).toMatch(/^renders\//);
  expect(renderKey('x', 'mp4', 7)).toMatch(/^renders-/);
});

it('the user stores variables, and none of the records that tell what became of a job', () => {
  const {Statement} = documents.bucket({...PLACEHOLDERS, user: 'me'});
  const toUser = Statement.filter(({Principal}) => typeof Principal === 'object');
  expect(toUser).toEqual([
    {
      Sid: 'UserMayStoreVariables',
      Effect: 'Allow',
      Principal: {AWS: 'arn:aws:iam::ACCOUNT:user/me'},
      Action: 's3:PutObject',
      Resource: 'arn:aws:s3:::BUCKET/jobs/*/variables.json',
    },
  ]);
});

it('chunks are kept for a day, records for thirty, and a film for as long as its request says', () => {
  const rules = lifecycleRules().filter(({days}) => days);
  expect(rules.map(({prefix, days}) => [prefix, days])).toEqual([
    ['chunks/', 1],
    ['jobs/', 30],
    ...[1, 3, 7, 30].map((days) => [`renders-${days}d/`, days]),
  ]);
  const removedAfter = (key: string) => rules.find(({prefix = ''}) => key.startsWith(prefix))?.days;
  expect(removedAfter(renderKey('x', 'mp4'))).toBeUndefined();
  for (const days of [1, 3, 7, 30] as const) expect(removedAfter(renderKey('x', 'mp4', days))).toBe(days);
});

it('the user may make every request of check:deployment', () => {
  const code = readFileSync('src/apps/check/caller-checks.ts', 'utf8');
  const asked = [...code.matchAll(/new (\w+)Command\(/g)].map(([, request]) => `lambda:${request}`);
  expect(asked).toContain('lambda:GetAccountSettings');
  const {Statement} = documents.user(PLACEHOLDERS);
  const granted = Statement.flatMap(({Action, Resource}) =>
    [Action].flat().flatMap((action) => [Resource].flat().map((resource) => `${action} ${resource}`)),
  );
  // Limits are the account's, and AWS gives that right for all or nothing.
  const on = (action: string) =>
    action === 'lambda:GetAccountSettings' ? '*' : 'arn:aws:lambda:REGION:ACCOUNT:function:FUNCTION';
  expect(granted).toEqual(expect.arrayContaining(asked.map((action) => `${action} ${on(action)}`)));
});

it('the user gives the role to the function, and cannot change what it may do', () => {
  const {Statement} = documents.user(PLACEHOLDERS);
  const role = Statement.filter(({Action}) =>
    [Action].flat().some((action) => /^(iam|sts):|[*]/.test(action)),
  );
  expect(role).toEqual([
    {
      Sid: 'RoleOfTheFunction',
      Effect: 'Allow',
      Action: ['iam:PassRole'],
      Resource: 'arn:aws:iam::ACCOUNT:role/FUNCTION-role',
      Condition: {StringEquals: {'iam:PassedToService': 'lambda.amazonaws.com'}},
    },
  ]);
});

it("a user's policy is small enough for IAM", () => {
  // 6,144 characters without white space: IAM and STS quotas, managed policies.
  const longest = {
    ...PLACEHOLDERS,
    bucket: 'b'.repeat(63),
    functionName: 'f'.repeat(64),
    region: 'ap-southeast-1',
  };
  expect(JSON.stringify(documents.user(longest)).length).toBeLessThan(6144);
});
