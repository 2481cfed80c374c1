import {allow, bucketArn, functionArn, logGroupArn, type Place, queueArn, type Statement} from './rights.ts';

/** Names of the way by hand that depend on the function's: docs/by-hand.md. */
const roleName = (functionName: string): string => `${functionName}-role`;
const repositoryName = (functionName: string): string => functionName;

/**
 * The permissions of a person who sets everything up by hand, from the bucket to its removal. They cover
 * every command of docs/by-hand.md and the check of the result, and nothing beyond. test: .ci/by-hand.ci.ts
 * runs them all and compares. The role is the administrator's: a person who may write its rights, and the
 * code that has them, has the account.
 */
export function userStatements(place: Place): Statement[] {
  const {partition, region, account, functionName} = place;
  const role = `arn:${partition}:iam::${account}:role/${roleName(functionName)}`;
  const repository = `arn:${partition}:ecr:${region}:${account}:repository/${repositoryName(functionName)}`;
  return [
    allow({Sid: 'Bucket', Action: BUCKET, Resource: bucketArn(place)}),
    allow({Sid: 'Objects', Action: ['s3:GetObject', 's3:DeleteObject'], Resource: `${bucketArn(place)}/*`}),
    allow({
      Sid: 'RoleOfTheFunction',
      Action: ['iam:PassRole'],
      Resource: role,
      Condition: {StringEquals: {'iam:PassedToService': 'lambda.amazonaws.com'}},
    }),
    // A token is for all of a registry, and room for all functions of a region.
    allow({Sid: 'Registry', Action: ['ecr:GetAuthorizationToken'], Resource: '*'}),
    allow({Sid: 'Room', Action: ['lambda:GetAccountSettings'], Resource: '*'}),
    allow({Sid: 'Repository', Action: REPOSITORY, Resource: repository}),
    allow({Sid: 'Function', Action: FUNCTION, Resource: functionArn(place)}),
    allow({Sid: 'Log', Action: LOG, Resource: [logGroupArn(place), `${logGroupArn(place)}:*`]}),
    allow({
      Sid: 'FailedJobs',
      Action: ['sqs:CreateQueue', 'sqs:GetQueueUrl', 'sqs:DeleteQueue'],
      Resource: queueArn(place),
    }),
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

const REPOSITORY = [
  'ecr:CreateRepository',
  // docker push.
  'ecr:BatchCheckLayerAvailability',
  'ecr:InitiateLayerUpload',
  'ecr:UploadLayerPart',
  'ecr:CompleteLayerUpload',
  'ecr:PutImage',
  // Lambda needs it, in the name of the caller that creates or updates the function. It reads the image, and
  // makes sure that it may later.
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
  // npm run check:deployment.
  'lambda:GetFunctionConfiguration',
  'lambda:GetFunctionEventInvokeConfig',
  'lambda:GetFunctionConcurrency',
];

const LOG = ['logs:CreateLogGroup', 'logs:PutRetentionPolicy', 'logs:FilterLogEvents', 'logs:DeleteLogGroup'];
