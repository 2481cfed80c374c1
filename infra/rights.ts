/** Where the function and its bucket are: what the names in a policy depend on. */
export interface Place {
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  partition: string;
  region: string;
  account: string;
  bucket: string;
  functionName: string;
  /** The queue that gets what an asynchronous call failed with. */
  queue: string;
  /** Where else films may be put: `bucket`, `bucket/prefix`, or `/prefix` in the function's own bucket; nowhere if left out. */
  outputs?: readonly string[] | undefined;
  /** The name or ARN of the bus that receives the ends of jobs; none if left out. */
  eventBus?: string | undefined;
}

/** One statement of a policy, as IAM has it. */
export interface Statement {
  Sid: string;
  Effect: 'Allow' | 'Deny';
  Principal?: '*' | Record<string, string>;
  Action: string | readonly string[];
  Resource: string | readonly string[];
  Condition?: Record<string, Record<string, string | readonly string[]>>;
}

/** A policy, as IAM has it. */
export interface PolicyDocument {
  Version: '2012-10-17';
  Statement: readonly Statement[];
}

/** Makes a policy of statements. */
export const policy = (Statement: readonly Statement[]): PolicyDocument => ({
  Version: '2012-10-17',
  Statement,
});

/** The bucket's ARN. */
export const bucketArn = ({partition, bucket}: Place): string => `arn:${partition}:s3:::${bucket}`;
/** The ARN of the bucket's objects whose keys begin with a prefix. */
export const objectsArn = (place: Place, prefix: string): string => `${bucketArn(place)}/${prefix}*`;

/** How keys of films begin: for those kept forever, and for some days (src/model/keys.ts). */
export const FILMS = ['renders/', 'renders-'] as const;

/** The function's ARN. */
export const functionArn = ({partition, region, account, functionName}: Place): string =>
  `arn:${partition}:lambda:${region}:${account}:function:${functionName}`;
/** The ARN of the function's log group. */
export const logGroupArn = ({partition, region, account, functionName}: Place): string =>
  `arn:${partition}:logs:${region}:${account}:log-group:${logGroupName(functionName)}`;
/** The ARN of the queue of failed asynchronous calls. */
export const queueArn = ({partition, region, account, queue}: Place): string =>
  `arn:${partition}:sqs:${region}:${account}:${queue}`;

/** Lambda's own name for a function's log group. */
export const logGroupName = (functionName: string): string => `/aws/lambda/${functionName}`;

/** The name of the queue of a function's failed jobs. */
export const queueName = (functionName: string): string => `${functionName}-failed`;

/**
 * The permissions for a stream of unknown length: src/storage/s3/s3.ts uploads it in parts and, if that
 * fails, aborts the upload.
 */
const STORE = ['s3:PutObject', 's3:AbortMultipartUpload'];
const READ_AND_DELETE = ['s3:GetObject', 's3:DeleteObject'];

/**
 * All permissions of the function, and the only list of them. The CDK stack, `npm run policies` and the
 * documents in `by-hand/` are made of it, and test/system/infra/used-rights.test.ts compares it with what the
 * code asks of AWS. Its calls are in src/storage/s3/s3.ts and src/engines/lambda/lambda.ts; a comment below
 * says what Lambda does in its name.
 */
export const roleStatements = (place: Place): Statement[] => [
  allow({Sid: 'CallItself', Action: ['lambda:InvokeFunction'], Resource: functionArn(place)}),
  // Deleted when a job is cancelled.
  allow({
    Sid: 'Films',
    Action: [...STORE, ...READ_AND_DELETE],
    Resource: FILMS.map((prefix) => objectsArn(place, prefix)),
  }),
  ...outputStatements(place),
  // Deleted when a chunk turns out not to be what its record says.
  allow({Sid: 'Chunks', Action: [...STORE, ...READ_AND_DELETE], Resource: objectsArn(place, 'chunks/')}),
  // Small and written whole. Deleted by a check alone, which leaves nothing; else the bucket's lifecycle removes them.
  allow({Sid: 'Jobs', Action: ['s3:PutObject', ...READ_AND_DELETE], Resource: objectsArn(place, 'jobs/')}),
  allow({
    Sid: 'Look',
    Action: ['s3:ListBucket'],
    Resource: bucketArn(place),
    // Without this right S3 answers 403 in place of 404 where a key is missing. It then checks the permission
    // with that key as the prefix. Other servers have found that out (ceph/ceph pull request 68577); AWS does
    // not document it. If it had none, src/storage/s3/s3.ts would find out by a listing. So `renders/` is in
    // the list, although the code lists nothing there.
    Condition: below([...['chunks/', 'jobs/', ...FILMS], ...ownOutputs(place)]),
  }),
  ...(place.eventBus
    ? [allow({Sid: 'TellOfJobs', Action: ['events:PutEvents'], Resource: eventBusArn(place, place.eventBus)})]
    : []),
  // By Lambda: what the function writes to standard output and error.
  allow({
    Sid: 'Log',
    Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    Resource: `${logGroupArn(place)}:*`,
  }),
  // By Lambda: what an asynchronous call failed with.
  allow({Sid: 'FailedJobs', Action: ['sqs:SendMessage'], Resource: queueArn(place)}),
];

/** The function's permissions where events may place films, beside its own folders. */
function outputStatements(place: Place): Statement[] {
  const {partition, outputs = []} = place;
  if (outputs.length === 0) return [];
  const elsewhere = outputs.filter((output) => !output.startsWith('/'));
  const objects = [
    ...ownOutputs(place).map((prefix) => objectsArn(place, prefix)),
    ...elsewhere.map((output) => `arn:${partition}:s3:::${output.includes('/') ? output : `${output}/`}*`),
  ];
  const buckets = [...new Set(elsewhere.map((output) => output.split('/')[0]))];
  const prefixesOf = (bucket = '') =>
    elsewhere.flatMap((output) =>
      output === bucket ? [''] : output.startsWith(`${bucket}/`) ? [output.slice(bucket.length + 1)] : [],
    );
  return [
    allow({Sid: 'FilmsElsewhere', Action: [...STORE, ...READ_AND_DELETE], Resource: objects}),
    // As below: a caller that may not list does not learn that a key is free.
    ...buckets.map((bucket, index) =>
      allow({
        Sid: `LookElsewhere${index || ''}`,
        Action: ['s3:ListBucket'],
        Resource: `arn:${partition}:s3:::${bucket}`,
        Condition: below(prefixesOf(bucket)),
      }),
    ),
  ];
}

/** A listing that names one of these prefixes, or one below it. A listing without a prefix does not match. */
const below = (prefixes: readonly string[]): Statement['Condition'] => ({
  StringLike: {'s3:prefix': prefixes.map((prefix) => `${prefix}*`)},
});

const eventBusArn = ({partition, region, account}: Place, bus: string): string =>
  bus.startsWith('arn:') ? bus : `arn:${partition}:events:${region}:${account}:event-bus/${bus}`;

/** Prefixes of the function's own bucket. */
const ownOutputs = ({outputs = []}: Place): string[] =>
  outputs.filter((output) => output.startsWith('/')).map((output) => output.slice(1));

/** A statement that allows. */
export const allow = ({Sid, ...what}: Omit<Statement, 'Effect'>): Statement => ({
  Sid,
  Effect: 'Allow',
  ...what,
});
