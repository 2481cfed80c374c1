import {Duration, aws_iam as iam, RemovalPolicy, aws_s3 as s3} from 'aws-cdk-lib';
import type {Construct} from 'constructs';
import {lifecycleRules} from './lifecycle.ts';
import type {Settings} from './settings.ts';

/** Except where the stack could not be made: then the bucket is empty, and would be left unnoticed. */
const KEPT = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;

/**
 * The bucket of films, chunks and records: private, encrypted, over TLS alone. It outlives the stack, since films are
 * worth more than what made them; `npm run destroy -- --with-films` removes it too.
 */
export function filmBucket(
  scope: Construct,
  {publicRenders, corsOrigins}: Pick<Settings, 'publicRenders' | 'corsOrigins'>,
): s3.Bucket {
  const {HEAD, GET} = s3.HttpMethods;
  const bucket = new s3.Bucket(scope, 'Films', {
    // Access lists stay blocked either way; what is public is said by the policy below.
    blockPublicAccess: new s3.BlockPublicAccess({
      blockPublicAcls: true,
      ignorePublicAcls: true,
      blockPublicPolicy: !publicRenders,
      restrictPublicBuckets: !publicRenders,
    }),
    objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
    encryption: s3.BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    // Under one key there is one film: an old version would be kept, and paid for, unseen.
    versioned: false,
    removalPolicy: KEPT,
    lifecycleRules: lifecycleRules().map(({id, prefix, days, unfinished}) => ({
      id,
      ...(prefix && {prefix}),
      ...(days && {expiration: Duration.days(days)}),
      ...(unfinished && {abortIncompleteMultipartUploadAfter: Duration.days(unfinished)}),
    })),
    ...(corsOrigins && {
      cors: [{allowedMethods: [GET, HEAD], allowedOrigins: corsOrigins, allowedHeaders: ['*'], maxAge: 3600}],
    }),
  });
  if (publicRenders)
    bucket.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'AnybodyMayReadFilms',
        principals: [new iam.AnyPrincipal()],
        actions: ['s3:GetObject'],
        resources: [bucket.arnForObjects('renders/*'), bucket.arnForObjects('renders-*')],
      }),
    );
  // Otherwise, after the stack's removal, kept films could be fetched without TLS, and public ones not at
  // all.
  bucket.policy?.applyRemovalPolicy(KEPT);
  return bucket;
}
