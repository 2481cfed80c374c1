import {
  Aws,
  Duration,
  aws_lambda_destinations as destinations,
  aws_iam as iam,
  aws_lambda as lambda,
  aws_logs as logs,
  RemovalPolicy,
  Size,
  Stack,
  type aws_s3 as s3,
  aws_sqs as sqs,
} from 'aws-cdk-lib';
import {Construct} from 'constructs';
import {RenderError} from '../src/base/errors.ts';
import {watch} from './alarms.ts';
import {filmBucket} from './bucket.ts';
import {addDashboard} from './dashboard.ts';
import {projectImage} from './image.ts';
import {addOutputs} from './outputs.ts';
import {readProps} from './read-props.ts';
import type {RevideoRenderProps} from './revideo-render-props.ts';
import {logGroupName, type Place, roleStatements} from './rights.ts';

export type {RevideoRenderProps} from './revideo-render-props.ts';

/** The highest `REVIDEO_CONCURRENCY`: src/apps/config.ts. */
const MOST_WORKERS = 1000;

/**
 * One function that renders films, its bucket, and what watches over them: alarms, a dashboard, a queue of failed jobs.
 * Outputs of the stack name them.
 *
 * Throws `BadSetting` for properties that cannot be: each with its name, its value and what is allowed.
 */
export class RevideoRender extends Construct {
  /** The function, to be invoked with events such as `{"jobType": "fullRender"}`. */
  readonly function: lambda.IFunction;
  /** The bucket of films. It outlives the stack. */
  readonly bucket: s3.IBucket;
  /** Holds what asynchronous calls failed with, for 14 days. */
  readonly failedJobs: sqs.IQueue;

  /** The function's name. */
  readonly #name: string;

  constructor(scope: Construct, id: string, props: RevideoRenderProps = {}) {
    super(scope, id);
    const {settings, code: given, project} = readProps(props);
    const {name} = settings;
    this.#name = name;
    this.#refuseTwin();
    const code = given ?? projectImage(project ?? '.');

    const bucket = filmBucket(this, settings);
    const logGroup = new logs.LogGroup(this, 'Log', {
      logGroupName: logGroupName(name),
      retention: settings.logDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const failed = new sqs.Queue(this, 'FailedJobs', {
      retentionPeriod: Duration.days(14),
      encryption: sqs.QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
    });
    // By its name and not by the resource: the function needs the role before it exists.
    const role = functionRole(this, {
      partition: Aws.PARTITION,
      region: Aws.REGION,
      account: Aws.ACCOUNT_ID,
      bucket: bucket.bucketName,
      functionName: name,
      // Without a name of ours: SQS refuses one for a minute after its queue is gone, and so a new deployment.
      queue: failed.queueName,
      outputs: settings.outputs,
      eventBus: settings.eventBus,
    });

    const cap = settings.concurrencyCap;
    const handler = new lambda.DockerImageFunction(this, 'Function', {
      functionName: name,
      description: 'Renders a Revideo film: invokes itself for its chunks',
      code,
      architecture: lambda.Architecture.X86_64,
      memorySize: settings.memory,
      timeout: Duration.seconds(settings.timeout),
      ephemeralStorageSize: Size.mebibytes(settings.tmp),
      role,
      logGroup,
      environment: {
        ...(cap && {REVIDEO_CONCURRENCY: String(workersOf(cap))}),
        ...(settings.maxCost && {REVIDEO_MAX_COST: String(settings.maxCost)}),
        ...(settings.eventBus && {REVIDEO_EVENT_BUS: settings.eventBus}),
        ...settings.env,
        REVIDEO_TMP_MB: String(settings.tmp),
        REVIDEO_BUCKET_NAME: bucket.bucketName,
      },
      ...(cap && {reservedConcurrentExecutions: cap}),
      // A long film is handed from one invocation to the next: what Lambda takes for a loop, and would end.
      recursiveLoop: lambda.RecursiveLoop.ALLOW,
    });
    new lambda.EventInvokeConfig(this, 'Calls', {
      function: handler,
      // The function itself tries again what is worth it; a whole job once more would only fail once more.
      retryAttempts: 0,
      // A hand-over waits its turn for as long as Lambda lets it.
      maxEventAge: Duration.hours(6),
      onFailure: new destinations.SqsDestination(failed),
    });
    watch(this, {handler, ...settings});
    const url = settings.functionUrl
      ? handler.addFunctionUrl({authType: lambda.FunctionUrlAuthType.AWS_IAM})
      : undefined;
    const consoles = addOutputs(this, {name, bucket, failed, url});
    addDashboard(this, {name, handler, consoles});
    this.function = handler;
    this.bucket = bucket;
    this.failedJobs = failed;
  }

  /** Lambda has one function of a name; CDK itself only warns, and the deployment fails late. */
  #refuseTwin(): void {
    const stack = Stack.of(this);
    for (const other of stack.node.findAll()) {
      if (other === this || !(other instanceof RevideoRender) || Stack.of(other) !== stack) continue;
      if (other.#name === this.#name)
        throw new RenderError(
          'BadSetting',
          `name is "${this.#name}", which ${other.node.path} has too; each RevideoRender of a stack must have a name of its own.`,
        );
    }
  }
}

/**
 * How many workers one job may have at a time. One of the cap's places is the first invocation's own. One is left for
 * callers that ask about the job or cancel it, which is an invocation too. If the cap is two, a worker needs the second place.
 */
const workersOf = (cap: number): number => Math.min(Math.max(1, cap - 2), MOST_WORKERS);

/** The role of the function: the rights of rights.ts, without additions of CDK. */
function functionRole(scope: Construct, place: Place): iam.IRole {
  const role = new iam.Role(scope, 'Role', {
    assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    description: `The rights of the function ${place.functionName}`,
    inlinePolicies: {
      Rights: new iam.PolicyDocument({
        statements: roleStatements(place).map((statement) => iam.PolicyStatement.fromJson(statement)),
      }),
    },
  });
  return role.withoutPolicyUpdates();
}
