import {CloudFormationClient, DescribeStacksCommand, type Stack} from '@aws-sdk/client-cloudformation';
import {GetCallerIdentityCommand, STSClient} from '@aws-sdk/client-sts';
import {RenderError} from '../src/base/errors.ts';

/** The account and the region that the commands of this shell reach. */
export interface Surroundings {
  account: string;
  region: string;
}

/**
 * Asks AWS who this is.
 *
 * @throws `BadSetting` that says what to set where there is no region or there are no credentials
 */
export async function surroundings(): Promise<Surroundings> {
  const client = new STSClient({});
  try {
    const region = await client.config.region().catch((cause) => {
      const set = 'Set AWS_REGION, or AWS_PROFILE to a profile that has one.';
      throw new RenderError('BadSetting', `There is no AWS region. ${set}`, {cause});
    });
    const {Account = ''} = await client.send(new GetCallerIdentityCommand()).catch((cause) => {
      const set =
        'Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or log in with `aws sso login`.';
      throw new RenderError('BadSetting', `AWS does not know who you are. ${set} ${cause.message}`, {cause});
    });
    return {account: Account, region};
  } finally {
    client.destroy();
  }
}

/** Looks for a stack in this region; undefined where there is none. */
export async function findStack(name: string, client: CloudFormationClient): Promise<Stack | undefined> {
  try {
    const {Stacks = []} = await client.send(new DescribeStacksCommand({StackName: name}));
    return Stacks[0];
  } catch (error) {
    // CloudFormation has no error of its own for that.
    if (error instanceof Error && /does not exist/.test(error.message)) return undefined;
    throw error;
  }
}

/** The stack with which CDK prepares a region: a bucket, a registry, and roles for deployments. */
const TOOLKIT = 'CDKToolkit';

/** Whether this region has been prepared for CDK. */
export async function isBootstrapped(): Promise<boolean> {
  const client = new CloudFormationClient({});
  try {
    return Boolean(await findStack(TOOLKIT, client));
  } finally {
    client.destroy();
  }
}
