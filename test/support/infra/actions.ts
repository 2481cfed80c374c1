import type {Passed} from '../../faults/support/proxy.ts';

/** The permission that a request to AWS needs. */
export interface Asked {
  action: string;
  resource: string;
  /** The prefix of a listing. */
  prefix?: string;
}

/** A row: requests of this kind take this action, on objects or on the bucket. */
type Row = readonly [method: string, parameter: string, kind: 'object' | 'bucket', action: string];

/**
 * Requests by method and by the query parameter that distinguishes them, with their actions. The sources are
 * "Actions, resources, and condition keys for Amazon S3"
 * (https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html) and the pages of
 * the requests in the API Reference. The first row that fits counts.
 */
const S3: readonly Row[] = [
  ['POST', 'uploads', 'object', 's3:PutObject'],
  ['PUT', 'partNumber', 'object', 's3:PutObject'],
  ['POST', 'uploadId', 'object', 's3:PutObject'],
  ['DELETE', 'uploadId', 'object', 's3:AbortMultipartUpload'],
  ['PUT', '', 'object', 's3:PutObject'],
  ['GET', '', 'object', 's3:GetObject'],
  ['HEAD', '', 'object', 's3:GetObject'],
  ['POST', 'delete', 'bucket', 's3:DeleteObject'],
  ['GET', 'list-type', 'bucket', 's3:ListBucket'],
];

/** The rights that a request to S3 takes. */
export function askedOfS3({exchange, told}: Passed): Asked[] {
  const {method, path, query, body} = exchange;
  const [, bucket, ...rest] = path.split('/');
  const arn = `arn:aws:s3:::${bucket}`;
  const key = rest.join('/');
  const kind = key ? 'object' : 'bucket';
  const row = S3.find(
    ([of, parameter, on]) => of === method && on === kind && (!parameter || query.has(parameter)),
  );
  if (!row) throw new Error(`Nobody said which right ${method} ${path}?${query} takes.`);
  const [, , , action] = row;
  if (query.has('delete'))
    return [...body.toString().matchAll(/<Key>([^<]+)<\/Key>/g)].map(([, deleted]) => ({
      action,
      resource: `${arn}/${deleted}`,
    }));
  const prefix = query.get('prefix');
  if (kind === 'bucket') return [{action, resource: arn, ...(prefix && {prefix})}];
  const asked = [{action, resource: `${arn}/${key}`}];
  // A caller that may not list a bucket does not learn that a key is missing: HeadObject and GetObject,
  // "Permissions". The key counts as the prefix: ceph/ceph, pull request 68577.
  return told === 404 ? [...asked, {action: 's3:ListBucket', resource: arn, prefix: key}] : asked;
}

/** The right that a request to Lambda takes: "Actions, resources, and condition keys for AWS Lambda". */
export function askedOfLambda({exchange: {method, path}}: Passed): Asked {
  const name = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(path)?.[1];
  if (method !== 'POST' || !name) throw new Error(`Nobody said which right ${method} ${path} takes.`);
  return {action: 'lambda:InvokeFunction', resource: `arn:aws:lambda:REGION:ACCOUNT:function:${name}`};
}
