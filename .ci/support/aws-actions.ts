/**
 * The permissions that commands of `aws` need. The source is each service's page of the Service Authorization
 * Reference (https://docs.aws.amazon.com/service-authorization/latest/reference/). For `docker push` it is
 * "Private repository policies" of the Amazon ECR User Guide. For images of functions it is "Create a Lambda
 * function using a container image", Amazon ECR permissions.
 */
export const ACTIONS: Record<string, readonly string[]> = {
  // Needs no permission.
  'sts get-caller-identity': [],
  's3api create-bucket': ['s3:CreateBucket'],
  's3api put-bucket-lifecycle-configuration': ['s3:PutLifecycleConfiguration'],
  's3api put-public-access-block': ['s3:PutBucketPublicAccessBlock'],
  's3api put-bucket-policy': ['s3:PutBucketPolicy'],
  's3api put-bucket-cors': ['s3:PutBucketCORS'],
  's3 cp': ['s3:GetObject'],
  's3 rb': ['s3:ListBucket', 's3:DeleteObject', 's3:DeleteBucket'],
  'logs create-log-group': ['logs:CreateLogGroup'],
  'logs put-retention-policy': ['logs:PutRetentionPolicy'],
  'logs filter-log-events': ['logs:FilterLogEvents'],
  'logs delete-log-group': ['logs:DeleteLogGroup'],
  'sqs create-queue': ['sqs:CreateQueue'],
  'sqs get-queue-url': ['sqs:GetQueueUrl'],
  'sqs delete-queue': ['sqs:DeleteQueue'],
  'ecr create-repository': ['ecr:CreateRepository'],
  'ecr get-login-password': ['ecr:GetAuthorizationToken'],
  'ecr delete-repository': ['ecr:DeleteRepository'],
  'docker push': [
    'ecr:BatchCheckLayerAvailability',
    'ecr:InitiateLayerUpload',
    'ecr:UploadLayerPart',
    'ecr:CompleteLayerUpload',
    'ecr:PutImage',
    'ecr:BatchGetImage',
  ],
  'lambda create-function': [
    'lambda:CreateFunction',
    'iam:PassRole',
    'ecr:BatchGetImage',
    'ecr:GetDownloadUrlForLayer',
    'ecr:GetRepositoryPolicy',
    'ecr:SetRepositoryPolicy',
  ],
  'lambda wait': ['lambda:GetFunction'],
  'lambda put-function-event-invoke-config': ['lambda:PutFunctionEventInvokeConfig'],
  'lambda put-function-recursion-config': ['lambda:PutFunctionRecursionConfig'],
  'lambda invoke': ['lambda:InvokeFunction'],
  'lambda update-function-code': [
    'lambda:UpdateFunctionCode',
    'ecr:BatchGetImage',
    'ecr:GetDownloadUrlForLayer',
  ],
  'lambda update-function-configuration': ['lambda:UpdateFunctionConfiguration'],
  'lambda delete-function': ['lambda:DeleteFunction'],
};

/**
 * The permissions of `npm run check:deployment`, which by-hand.ci.ts does not run: moto's functions do not
 * answer it.
 */
export const BY_CHECK = [
  'lambda:InvokeFunction',
  'lambda:GetFunctionConfiguration',
  'lambda:GetFunctionEventInvokeConfig',
  'lambda:GetFunctionConcurrency',
  'lambda:GetAccountSettings',
];

/** The actions of an administrator, who has every permission anyway. */
export const BY_ADMINISTRATOR = [
  'iam create-role',
  'iam put-role-policy',
  'iam delete-role-policy',
  'iam delete-role',
  'iam create-policy',
  'iam attach-user-policy',
  'iam detach-user-policy',
  'iam delete-policy',
];
