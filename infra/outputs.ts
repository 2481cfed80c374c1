import {
  CfnOutput,
  type aws_lambda as lambda,
  type Stack,
  type aws_s3 as s3,
  type aws_sqs as sqs,
} from 'aws-cdk-lib';

/** The names of a stack's outputs. */
export const OUTPUTS = {bucket: 'BucketName', function: 'FunctionName'} as const;

interface Deployed {
  name: string;
  bucket: s3.Bucket;
  failed: sqs.Queue;
  url: lambda.FunctionUrl | undefined;
}

/** What one wants to know after a deployment. */
export function addOutputs(stack: Stack, {name, bucket, failed, url}: Deployed): void {
  const {region} = stack;
  const say = (id: string, value: string, description: string) =>
    new CfnOutput(stack, id, {value, description});
  say(OUTPUTS.function, name, 'The function');
  say(OUTPUTS.bucket, bucket.bucketName, 'Films are in renders/ of this bucket');
  say('FailedJobsQueue', failed.queueUrl, 'The queue with what asynchronous calls failed with, for 14 days');
  say(
    'Invoke',
    `aws lambda invoke --region ${region} --function-name ${name} --cli-binary-format raw-in-base64-out --payload file://events/full-render.json --cli-read-timeout 0 answer.json`,
    'Renders the sample event',
  );
  say(
    'Console',
    `https://${region}.console.aws.amazon.com/lambda/home?region=${region}#/functions/${name}?tab=testing`,
    'The function in the console, where events can be sent',
  );
  if (url) say('Url', url.url, 'The function over HTTP; requests are signed (IAM)');
}
