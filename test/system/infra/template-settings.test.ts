import {describe, expect, it} from 'vitest';
import {only, resolved, templateOf} from '../../support/infra/template.ts';

const FUNCTION = 'AWS::Lambda::Function';

describe('settings', () => {
  it.each([
    [2, '1'],
    [3, '1'],
    [200, '198'],
    [5000, '1000'],
  ])('a cap of %i leaves room for the first invocation, and for a question: %s workers', (cap, workers) => {
    const {Properties} = only(templateOf({concurrencyCap: cap}), FUNCTION);
    expect(Properties.ReservedConcurrentExecutions).toBe(cap);
    expect(Properties.Environment.Variables.REVIDEO_CONCURRENCY).toBe(workers);
  });

  it('memory, time limit, /tmp, variables and name go where they belong', () => {
    const env = {REVIDEO_ATTEMPTS: '5'};
    const cost = {maxCost: '2.5'};
    const template = templateOf({
      ...cost,
      memory: 4096,
      timeout: 100,
      tmp: 10_240,
      env,
      name: 'films',
      logDays: 7,
    });
    expect(only(template, FUNCTION).Properties).toMatchObject({
      FunctionName: 'films',
      MemorySize: 4096,
      Timeout: 100,
      EphemeralStorage: {Size: 10_240},
      Environment: {Variables: {...env, REVIDEO_MAX_COST: '2.5'}},
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {MetricName: 'Duration', Threshold: 87_500});
    template.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: '/aws/lambda/films',
      RetentionInDays: 7,
    });
    const rights = JSON.stringify(only(template, 'AWS::IAM::Role').Properties);
    expect(rights).toContain(':function:films"');
    expect(rights).not.toContain('revideo-render');
  });

  it('public films are films alone, over TLS: not chunks, not records, not the list of what there is', () => {
    const template = templateOf({publicRenders: true});
    expect(only(template, 'AWS::S3::Bucket').Properties.PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: false,
      RestrictPublicBuckets: false,
    });
    const {Statement} = only(template, 'AWS::S3::BucketPolicy').Properties.PolicyDocument;
    expect(resolved(Statement)).toEqual([
      {
        Effect: 'Deny',
        Principal: {AWS: '*'},
        Action: 's3:*',
        Resource: ['arn:aws:s3:::BUCKET', 'arn:aws:s3:::BUCKET/*'],
        Condition: {Bool: {'aws:SecureTransport': 'false'}},
      },
      {
        Sid: 'AnybodyMayReadFilms',
        Effect: 'Allow',
        Principal: {AWS: '*'},
        Action: 's3:GetObject',
        Resource: ['arn:aws:s3:::BUCKET/renders/*', 'arn:aws:s3:::BUCKET/renders-*'],
      },
    ]);
  });

  it('a bus of EventBridge is told of jobs: by a variable and a right, and neither without it', () => {
    for (const [given, arn] of [
      ['films', 'arn:aws:events:REGION:ACCOUNT:event-bus/films'],
      [
        'arn:aws:events:eu-west-1:123456789012:event-bus/b',
        'arn:aws:events:eu-west-1:123456789012:event-bus/b',
      ],
    ]) {
      const template = templateOf({eventBus: given});
      const {Environment} = only(template, 'AWS::Lambda::Function').Properties;
      expect(Environment.Variables).toMatchObject({REVIDEO_EVENT_BUS: given});
      const {Statement} = only(template, 'AWS::IAM::Role').Properties.Policies[0].PolicyDocument;
      expect(resolved(Statement)).toContainEqual({
        ...{Sid: 'TellOfJobs', Effect: 'Allow', Action: 'events:PutEvents', Resource: arn},
      });
    }
    expect(JSON.stringify(templateOf().toJSON())).not.toContain('events:PutEvents');
  });

  it('films may be put where the deployment says, and nowhere else', () => {
    const template = templateOf({outputs: 'theirs,shared/lambda/,/customers/'});
    const {Statement} = only(template, 'AWS::IAM::Role').Properties.Policies[0].PolicyDocument;
    const said = resolved(Statement) as {Sid: string; Action: string[]; Resource: unknown}[];
    const of = (sid: string) => said.find(({Sid}) => Sid === sid);
    expect(of('FilmsElsewhere')).toMatchObject({
      Action: ['s3:PutObject', 's3:AbortMultipartUpload', 's3:GetObject', 's3:DeleteObject'],
      Resource: ['arn:aws:s3:::BUCKET/customers/*', 'arn:aws:s3:::theirs/*', 'arn:aws:s3:::shared/lambda/*'],
    });
    const look = (bucket: string, prefix: string) => ({
      ...{Action: 's3:ListBucket', Resource: `arn:aws:s3:::${bucket}`},
      Condition: {StringLike: {'s3:prefix': [prefix]}},
    });
    expect(of('LookElsewhere')).toMatchObject(look('theirs', '*'));
    expect(of('LookElsewhere1')).toMatchObject(look('shared', 'lambda/*'));
    expect(JSON.stringify(of('Look'))).toContain('customers/*');
  });

  it('a function URL asks for a signature', () => {
    const template = templateOf({functionUrl: true});
    expect(only(template, 'AWS::Lambda::Url').Properties).toMatchObject({AuthType: 'AWS_IAM'});
    template.resourceCountIs('AWS::Lambda::Permission', 0);
    expect(template.findOutputs('Url')).toHaveProperty('Url');
  });

  it('sites that may read films are named one by one', () => {
    const template = templateOf({corsOrigins: 'https://a.example,https://b.example'});
    expect(only(template, 'AWS::S3::Bucket').Properties.CorsConfiguration.CorsRules).toEqual([
      {
        AllowedMethods: ['GET', 'HEAD'],
        AllowedOrigins: ['https://a.example', 'https://b.example'],
        AllowedHeaders: ['*'],
        MaxAge: 3600,
      },
    ]);
  });

  it('an e-mail address hears of every alarm', () => {
    const template = templateOf({alarmEmail: 'me@example.com'});
    template.hasResourceProperties('AWS::SNS::Subscription', {Protocol: 'email', Endpoint: 'me@example.com'});
    for (const {Properties} of Object.values(template.findResources('AWS::CloudWatch::Alarm')))
      expect(Properties.AlarmActions).toHaveLength(1);
  });

  it('alarms of this account may publish what the e-mail address hears', () => {
    const {PolicyDocument} = only(
      templateOf({alarmEmail: 'me@example.com'}),
      'AWS::SNS::TopicPolicy',
    ).Properties;
    expect(resolved(PolicyDocument.Statement)).toEqual([
      expect.objectContaining({Effect: 'Deny', Condition: {Bool: {'aws:SecureTransport': 'false'}}}),
      {
        Sid: 'AlarmsMayTell',
        Effect: 'Allow',
        Principal: {Service: 'cloudwatch.amazonaws.com'},
        Action: 'sns:Publish',
        Resource: expect.stringMatching(/^AlarmTopic/),
        Condition: {StringEquals: {'aws:SourceAccount': 'ACCOUNT'}},
      },
    ]);
  });
});
