import {createInterface} from 'node:readline/promises';
import {
  CloudFormationClient,
  DeleteStackCommand,
  type Stack,
  waitUntilStackDeleteComplete,
} from '@aws-sdk/client-cloudformation';
import {DeleteBucketCommand} from '@aws-sdk/client-s3';
import {Command} from 'commander';
import {runCommand} from '../image/command.ts';
import {commandName, usageName} from '../image/root.ts';
import {CommandEnded, EXIT} from '../src/apps/cli/exit.ts';
import {refuseWrongUsage} from '../src/apps/cli/wrong-usage.ts';
import {RenderError} from '../src/base/errors.ts';
import {listAll} from '../src/storage/list-all.ts';
import {s3Client, s3Storage} from '../src/storage/s3/s3.ts';
import {findStack, type Surroundings, surroundings} from './aws.ts';
import {OUTPUTS} from './output-names.ts';
import {readSettings} from './settings.ts';

interface Options {
  name: string;
  withFilms?: boolean;
  yes?: boolean;
}

const command = new Command(usageName('destroy'))
  .usage('[options]')
  .description(
    `Removes what \`${commandName('deploy')}\` made, except the bucket with its films, and says what it keeps.`,
  )
  .option('--name <name>', 'the function', readSettings().name)
  .option('--with-films', 'also remove the bucket and everything in it, for good')
  .option('--yes', 'do not ask');
refuseWrongUsage(command);

/** Seconds in which CloudFormation has to be done. */
const LONGEST = 1800;

async function confirm(question: string): Promise<void> {
  if (!process.stdin.isTTY)
    throw new RenderError('BadSetting', 'No terminal can answer the question: add --yes.');
  const terminal = createInterface({input: process.stdin, output: process.stderr});
  const answer = await terminal.question(question);
  terminal.close();
  if (answer.trim() !== 'yes') throw new RenderError('Aborted', 'Nothing was removed.');
}

async function removeBucket(bucket: string): Promise<void> {
  const client = s3Client();
  try {
    const storage = s3Storage({bucket, client});
    const keys = (await listAll('', {storage})).map(({key}) => key);
    await storage.delete(keys);
    await client.send(new DeleteBucketCommand({Bucket: bucket})).catch((cause) => {
      const message = `S3 did not remove ${bucket}: ${cause.message}`;
      throw new CommandEnded({name: 'BucketNotRemoved', message, exitCode: EXIT.failed});
    });
    process.stdout.write(`Bucket ${bucket} is removed, with ${keys.length} objects.\n`);
  } finally {
    client.destroy();
  }
}

/** @throws `StackNotRemoved` with CloudFormation's reason */
async function removeStack({StackName, StackId}: Stack, client: CloudFormationClient): Promise<void> {
  await client.send(new DeleteStackCommand({StackName}));
  // By its id: a stack that is gone cannot be asked for by its name.
  const patience = {client, maxWaitTime: LONGEST, minDelay: 2};
  await waitUntilStackDeleteComplete(patience, {StackName: StackId}).catch(async () => {
    // The SDK's error has its whole last answer, as JSON.
    const {StackStatus, StackStatusReason = ''} = (await findStack(StackId ?? '', client)) ?? {};
    const reason = [StackStatus, StackStatusReason.replace(/[.\s]+$/, '')].filter(Boolean).join(', ');
    const message = `CloudFormation did not remove ${StackName}: ${reason}. Its events are in the CloudFormation console. Run the same command again to remove the rest.`;
    throw new CommandEnded({name: 'StackNotRemoved', message, exitCode: EXIT.failed});
  });
}

const kept = ({bucket, account, region}: Surroundings & {bucket: string | undefined}): string =>
  [
    'Kept:',
    bucket &&
      `  bucket ${bucket}, with all films that are in it. The next deployment makes another one. To remove it:`,
    bucket && `    aws s3 rb --force s3://${bucket} --region ${region}`,
    `  the images, in the repository cdk-hnb659fds-container-assets-${account}-${region}. To remove all there`,
    '  that no stack uses any more, also those of other CDK apps:',
    `    npx cdk gc aws://${account}/${region} --unstable=gc --type=ecr --created-buffer-days 0`,
    '  what prepared this region for CDK, in the stack CDKToolkit: other CDK apps may use it too.',
    '',
  ]
    .filter((line) => line !== undefined)
    .join('\n');

async function destroy(
  {name, withFilms = false, yes = false}: Options,
  client: CloudFormationClient,
): Promise<void> {
  const where = await surroundings();
  const stack = await findStack(name, client);
  if (!stack)
    throw new RenderError(
      'BadSetting',
      `There is no stack ${name} in ${where.region}, account ${where.account}. If it left a bucket of films, \`aws s3 ls\` shows it, and \`aws s3 rb --force s3://<bucket>\` removes it.`,
    );
  const bucket = stack.Outputs?.find(({OutputKey}) => OutputKey === OUTPUTS.bucket)?.OutputValue;
  const films = bucket && withFilms ? `, and bucket ${bucket} with every film in it` : '';
  if (!yes) await confirm(`Remove ${name} from ${where.region}, account ${where.account}${films}? (yes/no) `);

  await removeStack(stack, client);
  process.stdout.write(`${name} is removed.\n`);
  let left = bucket;
  try {
    if (bucket && withFilms) {
      await removeBucket(bucket);
      left = undefined;
    }
  } finally {
    // Also where the bucket could not be removed: without its stack, nothing else knows its name.
    process.stdout.write(kept({bucket: left, ...where}));
  }
}

await runCommand(async () => {
  const options = command.parse().opts<Options>();
  const client = new CloudFormationClient({});
  try {
    await destroy(options, client);
  } finally {
    client.destroy();
  }
});
