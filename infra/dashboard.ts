import {
  Aws,
  type CfnMapping,
  CfnOutput,
  aws_cloudwatch as cloudwatch,
  Duration,
  type aws_lambda as lambda,
  Stack,
} from 'aws-cdk-lib';
import type {Construct} from 'constructs';
import {DIMENSION, type MetricName, NAMESPACE} from '../src/observers/metrics.ts';

const PERIOD = Duration.minutes(5);

interface Watched {
  name: string;
  handler: lambda.Function;
  /** Where the console is, by partition. */
  consoles: CfnMapping;
}

/** A page in CloudWatch of what jobs do, what they take and cost, and how Lambda bears it; and its address. */
export function addDashboard(scope: Construct, {name, handler, consoles}: Watched): void {
  const ours = (metricName: MetricName, {statistic = 'Sum', label}: {statistic?: string; label: string}) =>
    new cloudwatch.Metric({
      ...{namespace: NAMESPACE, metricName, dimensionsMap: {[DIMENSION]: name}},
      ...{statistic, label, period: PERIOD},
    });
  const sum = (metricName: MetricName, label: string) => ours(metricName, {label});
  const mean = (metricName: MetricName, label: string) => ours(metricName, {label, statistic: 'Average'});
  const graph = (
    title: string,
    left: cloudwatch.IMetric[],
    more: Partial<cloudwatch.GraphWidgetProps> = {},
  ) => new cloudwatch.GraphWidget({title, left, width: 8, leftYAxis: {min: 0, showUnits: false}, ...more});

  const dashboard = new cloudwatch.Dashboard(scope, 'Dashboard', {
    defaultInterval: Duration.days(1),
    widgets: [
      [
        graph('Jobs', [
          sum('JobsFinished', 'finished'),
          sum('JobsFailed', 'failed'),
          sum('JobsCancelled', 'cancelled'),
        ]),
        graph('Chunks', [
          sum('ChunksDrawn', 'drawn'),
          sum('ChunksReused', 'reused'),
          sum('Retries', 'tried again'),
          sum('Throttles', 'had no room'),
        ]),
        graph('Frames drawn', [sum('FramesDrawn', 'frames')]),
      ],
      [
        graph(
          'Seconds of a job, by phase',
          [
            mean('PlanningSeconds', 'planning'),
            mean('RenderingSeconds', 'rendering'),
            mean('MergingSeconds', 'merging'),
            mean('PublishingSeconds', 'publishing'),
          ],
          {stacked: true},
        ),
        graph('Cost of the jobs, US dollars', [sum('Cost', 'jobs')]),
        graph('Hand-overs', [sum('HandOvers', 'jobs that continued in another invocation')]),
      ],
      [
        graph('Lambda: invocations', [
          handler.metricInvocations({period: PERIOD, label: 'begun'}),
          handler.metricErrors({period: PERIOD, label: 'failed'}),
          handler.metricThrottles({period: PERIOD, label: 'refused (no room)'}),
        ]),
        graph('Lambda: at the same time', [
          handler.metric('ConcurrentExecutions', {period: PERIOD, statistic: 'Maximum', label: 'most'}),
        ]),
        graph('Lambda: duration, milliseconds', [
          handler.metricDuration({period: PERIOD, statistic: 'Average', label: 'mean'}),
          handler.metricDuration({period: PERIOD, statistic: 'Maximum', label: 'longest'}),
        ]),
      ],
    ],
  });
  new CfnOutput(scope, 'DashboardAddress', {
    value: `https://${Stack.of(scope).region}.${consoles.findInMap(Aws.PARTITION, 'host')}/cloudwatch/home?region=${Stack.of(scope).region}#dashboards/dashboard/${dashboard.dashboardName}`,
    description: 'Number, time and cost of jobs',
  });
}
