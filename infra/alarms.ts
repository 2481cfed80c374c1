import {
  Aws,
  aws_cloudwatch_actions as actions,
  aws_cloudwatch as cloudwatch,
  Duration,
  aws_iam as iam,
  type aws_lambda as lambda,
  aws_sns as sns,
  aws_sns_subscriptions as subscriptions,
} from 'aws-cdk-lib';
import type {Construct} from 'constructs';
import type {Settings} from './settings.ts';

/** Alarms for failed invocations, for throttled ones, and for those that nearly reached their timeout. */
export function watch(
  scope: Construct,
  {handler, timeout, alarmEmail}: {handler: lambda.Function} & Pick<Settings, 'timeout' | 'alarmEmail'>,
): void {
  const period = Duration.minutes(5);
  const alarms: readonly {id: string; metric: cloudwatch.Metric; threshold: number; says: string}[] = [
    {
      id: 'Errors',
      metric: handler.metricErrors({period}),
      threshold: 1,
      says: 'An invocation failed: a whole job, or one try at a chunk, which is tried again. The log names it.',
    },
    {
      id: 'Throttles',
      metric: handler.metricThrottles({period}),
      threshold: 1,
      says: 'Lambda had no room for a worker: films come, but later. Raise the limit of concurrent executions or the cap.',
    },
    {
      id: 'NearLimit',
      metric: handler.metricDuration({period, statistic: 'Maximum'}),
      threshold: nearLimit(timeout) * 1000,
      says: 'An invocation came near its time limit, beyond the point where jobs are handed over: use more workers.',
    },
  ];
  const topic = alarmEmail ? alarmTopic(scope, alarmEmail) : undefined;
  for (const {id, metric, threshold, says} of alarms) {
    const alarm = new cloudwatch.Alarm(scope, `${id}Alarm`, {
      metric,
      threshold,
      evaluationPeriods: 1,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
      alarmDescription: says,
    });
    if (topic) alarm.addAlarmAction(new actions.SnsAction(topic));
  }
}

/** The topic of the alarms, over TLS alone; it mails them. */
function alarmTopic(scope: Construct, email: string): sns.Topic {
  const topic = new sns.Topic(scope, 'AlarmTopic', {enforceSSL: true});
  topic.addSubscription(new subscriptions.EmailSubscription(email));
  // A policy of its own takes the place of the one that lets alarms of the account publish.
  topic.addToResourcePolicy(
    new iam.PolicyStatement({
      sid: 'AlarmsMayTell',
      principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: {StringEquals: {'aws:SourceAccount': Aws.ACCOUNT_ID}},
    }),
  );
  return topic;
}

/** Seconds. Jobs are handed over a minute before the limit, or a quarter of it (src/apps/handler/handler.ts): this is half of that later. */
const nearLimit = (timeout: number): number => timeout - Math.min(60, timeout / 4) / 2;
