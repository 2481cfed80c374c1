import {allow, bucketArn, functionArn, logGroupArn, type Place, queueArn, type Statement} from './rights.ts';

/** Names of the way by hand that depend on the function's: README, "By hand". */
export const roleName = (functionName: string): string => `${functionName}-role`;
export const repositoryName = (functionName: string): string => functionName;

/**
 * What a person may do who goes the way by hand, from the bucket to its removal: every command of the README, and
 * nothing beyond. test: .ci/by-hand.ci.ts runs them all and compares.
 */
export function userStatements(place: Place): Statement[] {
  const {partition, region, account, functionName} = place;
  const role = `arn:${partition}:iam::${account}:role/${roleName(functionName)}`;
  const repository = `arn:${partition}:ecr:${region}:${account}:repository/${repositoryName(functionName)}`;
  return [
    allow('Bucket', BUCKET, bucketArn(place)),
    allow('Objects', ['s3:GetObject', 's3:DeleteObject'], `${bucketArn(place)}/*`),
    allow('Role', ROLE, role),
    {
      ...allow('RoleOfTheFunction', ['iam:PassRole'], role),
      Condition: {StringEquals: {'iam:PassedToService': 'lambda.amazonaws.com'}},
    },
    // A token is for all of a registry.
    allow('Registry', ['ecr:GetAuthorizationToken'], '*'),
    allow('Repository', REPOSITORY, repository),
    allow('Function', FUNCTION, functionArn(place)),
    allow('Log', LOG, [logGroupArn(place), `${logGroupArn(place)}:*`]),
    allow('FailedJobs', ['sqs:CreateQueue', 'sqs:GetQueueUrl', 'sqs:DeleteQueue'], queueArn(place)),
  ];
}

const BUCKET = [
  's3:CreateBucket',
  's3:PutBucketPublicAccessBlock',
  's3:PutLifecycleConfiguration',
  's3:PutBucketPolicy',
  's3:PutBucketCORS',
  's3:ListBucket',
  's3:DeleteBucket',
];

const ROLE = ['iam:CreateRole', 'iam:PutRolePolicy', 'iam:DeleteRolePolicy', 'iam:DeleteRole'];

const REPOSITORY = [
  'ecr:CreateRepository',
  // docker push.
  'ecr:BatchCheckLayerAvailability',
  'ecr:InitiateLayerUpload',
  'ecr:UploadLayerPart',
  'ecr:CompleteLayerUpload',
  'ecr:PutImage',
  // Lambda, in the name of whoever creates or updates the function: it reads the image, and sees to it that it may later.
  'ecr:BatchGetImage',
  'ecr:GetDownloadUrlForLayer',
  'ecr:GetRepositoryPolicy',
  'ecr:SetRepositoryPolicy',
  'ecr:DeleteRepository',
];

const FUNCTION = [
  'lambda:CreateFunction',
  'lambda:GetFunction',
  'lambda:PutFunctionEventInvokeConfig',
  'lambda:PutFunctionRecursionConfig',
  'lambda:InvokeFunction',
  'lambda:UpdateFunctionCode',
  'lambda:UpdateFunctionConfiguration',
  'lambda:DeleteFunction',
];

const LOG = ['logs:CreateLogGroup', 'logs:PutRetentionPolicy', 'logs:FilterLogEvents', 'logs:DeleteLogGroup'];
