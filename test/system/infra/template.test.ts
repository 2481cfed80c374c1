import {Match} from 'aws-cdk-lib/assertions';
import {describe, expect, it} from 'vitest';
import {documents, PLACEHOLDERS} from '../../../infra/documents.ts';
import {METRICS} from '../../../src/observers/metrics.ts';
import {only, resolved, templateOf} from '../../support/infra/template.ts';

const FUNCTION = 'AWS::Lambda::Function';

/** The same form for one permission and for several: CDK writes a list of one as a text. */
const listed = (statements: readonly Record<string, unknown>[]) =>
  statements.map((statement) => ({
    ...statement,
    Action: [statement.Action].flat(),
    Resource: [statement.Resource].flat(),
  }));

describe('a deployment with nothing set', () => {
  it('the bucket is private, encrypted, not versioned, its owner owns all, and it outlives the stack', () => {
    const {Properties, DeletionPolicy} = only(templateOf(), 'AWS::S3::Bucket');
    expect(Properties).toMatchObject({
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ServerSideEncryptionByDefault: {SSEAlgorithm: 'AES256'}}],
      },
      OwnershipControls: {Rules: [{ObjectOwnership: 'BucketOwnerEnforced'}]},
    });
    for (const unset of ['VersioningConfiguration', 'CorsConfiguration', 'BucketName'])
      expect(Properties).not.toHaveProperty(unset);
    expect(DeletionPolicy).toBe('RetainExceptOnCreate');
  });

  it('the bucket forgets chunks after a day, records after thirty, unfinished uploads after one, and films when they are to', () => {
    expect(only(templateOf(), 'AWS::S3::Bucket').Properties.LifecycleConfiguration.Rules).toEqual([
      {Id: 'chunks-expire', Prefix: 'chunks/', ExpirationInDays: 1, Status: 'Enabled'},
      {Id: 'jobs-expire', Prefix: 'jobs/', ExpirationInDays: 30, Status: 'Enabled'},
      ...[1, 3, 7, 30].map((days) => ({
        Id: `renders-${days}d-expire`,
        Prefix: `renders-${days}d/`,
        ExpirationInDays: days,
        Status: 'Enabled',
      })),
      {
        Id: 'unfinished-uploads',
        AbortIncompleteMultipartUpload: {DaysAfterInitiation: 1},
        Status: 'Enabled',
      },
    ]);
  });

  it('the bucket speaks TLS alone, and grants nothing to anybody', () => {
    const {Properties, DeletionPolicy} = only(templateOf(), 'AWS::S3::BucketPolicy');
    expect(resolved(Properties.PolicyDocument.Statement)).toEqual([
      {
        Effect: 'Deny',
        Principal: {AWS: '*'},
        Action: 's3:*',
        Resource: ['arn:aws:s3:::BUCKET', 'arn:aws:s3:::BUCKET/*'],
        Condition: {Bool: {'aws:SecureTransport': 'false'}},
      },
    ]);
    expect(DeletionPolicy).toBe('RetainExceptOnCreate');
  });

  it('there is one role: taken by Lambda, with the rights of rights.ts and no other policy', () => {
    const template = templateOf();
    const {Properties} = only(template, 'AWS::IAM::Role');
    expect(Properties).not.toHaveProperty('ManagedPolicyArns');
    expect(Properties.AssumeRolePolicyDocument).toEqual(documents.trust());
    expect(Properties.Policies).toHaveLength(1);
    const place = {...PLACEHOLDERS, functionName: 'revideo-render', queue: 'QUEUE'};
    const {Statement} = Properties.Policies[0].PolicyDocument;
    expect(listed(resolved(Statement) as Record<string, unknown>[])).toEqual(
      listed(documents.role(place).Statement as unknown as Record<string, unknown>[]),
    );
    template.resourceCountIs('AWS::IAM::Policy', 0);
    template.resourceCountIs('AWS::IAM::ManagedPolicy', 0);
  });

  it('the rights are these, one by one', () => {
    const rights = documents.role({...PLACEHOLDERS, functionName: 'F', queue: 'Q'}).Statement;
    expect(
      rights.flatMap(({Action, Resource}) =>
        [Action].flat().flatMap((action) => [Resource].flat().map((resource) => `${action} ${resource}`)),
      ),
    ).toEqual([
      'lambda:InvokeFunction arn:aws:lambda:REGION:ACCOUNT:function:F',
      's3:PutObject arn:aws:s3:::BUCKET/renders/*',
      's3:PutObject arn:aws:s3:::BUCKET/renders-*',
      's3:AbortMultipartUpload arn:aws:s3:::BUCKET/renders/*',
      's3:AbortMultipartUpload arn:aws:s3:::BUCKET/renders-*',
      's3:GetObject arn:aws:s3:::BUCKET/renders/*',
      's3:GetObject arn:aws:s3:::BUCKET/renders-*',
      's3:DeleteObject arn:aws:s3:::BUCKET/renders/*',
      's3:DeleteObject arn:aws:s3:::BUCKET/renders-*',
      's3:PutObject arn:aws:s3:::BUCKET/chunks/*',
      's3:AbortMultipartUpload arn:aws:s3:::BUCKET/chunks/*',
      's3:GetObject arn:aws:s3:::BUCKET/chunks/*',
      's3:DeleteObject arn:aws:s3:::BUCKET/chunks/*',
      's3:PutObject arn:aws:s3:::BUCKET/jobs/*',
      's3:GetObject arn:aws:s3:::BUCKET/jobs/*',
      's3:DeleteObject arn:aws:s3:::BUCKET/jobs/*',
      's3:ListBucket arn:aws:s3:::BUCKET',
      'logs:CreateLogStream arn:aws:logs:REGION:ACCOUNT:log-group:/aws/lambda/F:*',
      'logs:PutLogEvents arn:aws:logs:REGION:ACCOUNT:log-group:/aws/lambda/F:*',
      'sqs:SendMessage arn:aws:sqs:REGION:ACCOUNT:Q',
    ]);
    const conditions = rights.flatMap(({Sid, Condition}) => (Condition ? [[Sid, Condition]] : []));
    expect(conditions).toEqual([
      ['Look', {StringLike: {'s3:prefix': ['chunks/*', 'jobs/*', 'renders/*', 'renders-*']}}],
    ]);
  });

  it('the function is an image with the settings a film needs, allowed to call itself', () => {
    const {Properties} = only(templateOf(), FUNCTION);
    expect(resolved(Properties)).toMatchObject({
      FunctionName: 'revideo-render',
      PackageType: 'Image',
      Architectures: ['x86_64'],
      MemorySize: 3008,
      Timeout: 900,
      EphemeralStorage: {Size: 2048},
      RecursiveLoop: 'Allow',
      Environment: {Variables: {REVIDEO_BUCKET_NAME: 'BUCKET', REVIDEO_TMP_MB: '2048'}},
    });
    expect(Object.keys(Properties.Environment.Variables).sort()).toEqual([
      'REVIDEO_BUCKET_NAME',
      'REVIDEO_TMP_MB',
    ]);
    expect(Properties).not.toHaveProperty('ReservedConcurrentExecutions');
  });

  it('what was called asynchronously is not tried again, and what failed is kept', () => {
    const template = templateOf();
    expect(resolved(only(template, 'AWS::Lambda::EventInvokeConfig').Properties)).toMatchObject({
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 21_600,
      Qualifier: '$LATEST',
      DestinationConfig: {OnFailure: {Destination: 'arn:aws:sqs:REGION:ACCOUNT:QUEUE'}},
    });
    expect(only(template, 'AWS::SQS::Queue').Properties).toEqual({
      MessageRetentionPeriod: 14 * 24 * 3600,
      SqsManagedSseEnabled: true,
    });
  });

  it('the log is kept for thirty days, and is the one that the function writes to', () => {
    const template = templateOf();
    expect(only(template, 'AWS::Logs::LogGroup').Properties).toEqual({
      LogGroupName: '/aws/lambda/revideo-render',
      RetentionInDays: 30,
    });
    template.hasResourceProperties(FUNCTION, {
      LoggingConfig: {LogGroup: {Ref: Match.stringLikeRegexp('^Log')}},
    });
  });

  it('alarms tell of errors, of throttles, and of what came near the limit', () => {
    const template = templateOf();
    const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm'));
    const said = alarms.map(({Properties: {MetricName, Statistic, Threshold, Dimensions}}) => [
      MetricName,
      Statistic,
      Threshold,
      Dimensions[0].Name,
    ]);
    expect(said).toEqual([
      ['Errors', 'Sum', 1, 'FunctionName'],
      ['Throttles', 'Sum', 1, 'FunctionName'],
      ['Duration', 'Maximum', 870_000, 'FunctionName'],
    ]);
    for (const {Properties} of alarms) expect(Properties).not.toHaveProperty('AlarmActions');
  });

  it('outputs say what was made and how to use it', () => {
    const outputs = templateOf().findOutputs('*');
    const said = Object.entries(outputs).map(([name, {Value}]) => [name, resolved(Value)]);
    expect(templateOf().findMappings('*')).toEqual({
      Consoles: {
        aws: {host: 'console.aws.amazon.com'},
        'aws-cn': {host: 'console.amazonaws.cn'},
        'aws-us-gov': {host: 'console.amazonaws-us-gov.com'},
      },
    });
    expect(Object.fromEntries(said)).toMatchObject({
      FunctionName: 'revideo-render',
      BucketName: 'BUCKET',
      Invoke: expect.stringMatching(
        /^aws lambda invoke --region REGION --function-name revideo-render .*--cli-read-timeout 0 answer\.json$/,
      ),
      Console: expect.stringMatching(/^https:\/\/REGION\.<Consoles aws host>\/lambda\/.*revideo-render/),
    });
    expect(outputs).not.toHaveProperty('Url');
  });

  it('a dashboard shows every metric that jobs write, of this function, and how Lambda bears it', () => {
    const template = templateOf();
    const body = resolved(only(template, 'AWS::CloudWatch::Dashboard').Properties.DashboardBody) as string;
    const {widgets} = JSON.parse(body) as {widgets: {properties: {metrics: unknown[][]}}[]};
    const shown = widgets.flatMap(({properties}) => properties.metrics.map((metric) => metric.slice(0, 4)));
    for (const metric of Object.keys(METRICS))
      expect(shown).toContainEqual(['RevideoLambda', metric, 'service', 'revideo-render']);
    const lambda = shown.filter(([namespace]) => namespace === 'AWS/Lambda').map(([, metric]) => metric);
    expect(lambda).toEqual(
      expect.arrayContaining(['Invocations', 'Errors', 'Throttles', 'ConcurrentExecutions', 'Duration']),
    );
    expect(resolved(template.findOutputs('*').DashboardAddress?.Value)).toMatch(
      /^https:\/\/REGION\.<Consoles aws host>\/cloudwatch\/home\?region=REGION#dashboards\/dashboard\/Dashboard/,
    );
  });

  it('nothing else is made: no second function, no custom resource, no parameter', () => {
    const {Resources, Parameters} = templateOf().toJSON();
    const types = Object.values(Resources as Record<string, {Type: string}>).map(({Type}) => Type);
    expect(types.sort()).toEqual([
      ...Array(3).fill('AWS::CloudWatch::Alarm'),
      'AWS::CloudWatch::Dashboard',
      'AWS::IAM::Role',
      'AWS::Lambda::EventInvokeConfig',
      FUNCTION,
      'AWS::Logs::LogGroup',
      'AWS::S3::Bucket',
      'AWS::S3::BucketPolicy',
      'AWS::SQS::Queue',
      'AWS::SQS::QueuePolicy',
    ]);
    expect(Parameters).toBeUndefined();
  });
});
