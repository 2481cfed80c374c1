import {
  Aws,
  CfnMapping,
  CfnOutput,
  type aws_lambda as lambda,
  Stack,
  type aws_s3 as s3,
  type aws_sqs as sqs,
} from 'aws-cdk-lib';
import type {Construct} from 'constructs';
import {OUTPUTS} from './output-names.ts';

/** Where the console is, by partition: a template does not know in which one it will be used. */
const CONSOLES = {
  aws: {host: 'console.aws.amazon.com'},
  'aws-cn': {host: 'console.amazonaws.cn'},
  'aws-us-gov': {host: 'console.amazonaws-us-gov.com'},
};

interface Deployed {
  name: string;
  bucket: s3.Bucket;
  failed: sqs.Queue;
  url: lambda.FunctionUrl | undefined;
}

/**
 * The outputs that a user needs after a deployment.
 *
 * @returns where the console is, by partition
 */
export function addOutputs(scope: Construct, {name, bucket, failed, url}: Deployed): CfnMapping {
  const {region} = Stack.of(scope);
  const hosts = new CfnMapping(scope, 'Consoles', {mapping: CONSOLES});
  const say = (id: string, what: {value: string; description: string}) => new CfnOutput(scope, id, what);
  say(OUTPUTS.function, {value: name, description: 'The function'});
  say(OUTPUTS.bucket, {value: bucket.bucketName, description: 'Films are in renders/ of this bucket'});
  say('FailedJobsQueue', {
    value: failed.queueUrl,
    description: 'The queue with what asynchronous calls failed with, for 14 days',
  });
  say('Invoke', {
    value: `aws lambda invoke --region ${region} --function-name ${name} --cli-binary-format raw-in-base64-out --payload file://events/full-render.json --cli-read-timeout 0 answer.json`,
    description: 'Renders the sample event',
  });
  say('Console', {
    value: `https://${region}.${hosts.findInMap(Aws.PARTITION, 'host')}/lambda/home?region=${region}#/functions/${name}?tab=testing`,
    description: 'The function in the console, where events can be sent',
  });
  if (url) say('Url', {value: url.url, description: 'The function over HTTP; requests are signed (IAM)'});
  return hosts;
}
