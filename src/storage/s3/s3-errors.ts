import {finished, PassThrough, type Readable} from 'node:stream';
import {type ErrorName, RenderError} from '../../base/errors.ts';

/** The failed request to S3. */
export interface S3Request {
  /** The action as S3 names it, such as `GetObject`. */
  operation: string;
  bucket: string;
  /** The object; left out where the request is about the bucket. */
  key?: string;
  /** The caller's signal: once it is aborted, that is the reason, whatever the SDK made of it. */
  signal?: AbortSignal | undefined;
}

/** Refusals that S3 does not answer with 401 or 403, or that never leave this machine. */
const REFUSED = new Set([
  'AccessDenied',
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidAccessKeyId',
  'InvalidToken',
  'SignatureDoesNotMatch',
  'TokenProviderError',
  'TokenRefreshRequired',
]);

/** Failures another try can cure although their status is 4xx, or absent (errors of single keys carry none). */
const UNAVAILABLE = new Set([
  'BadDigest',
  'InternalError',
  'NoSuchUpload',
  'OperationAborted',
  'RequestTimeout',
  'ServiceUnavailable',
  'SlowDown',
  'TimeoutError',
  'XAmzContentChecksumMismatch',
]);

/** The bucket's name cannot be one, or the bucket lives in another region. */
const NO_BUCKET = new Set(['NoSuchBucket', 'InvalidBucketName']);
const OTHER_REGION = new Set([
  'AuthorizationHeaderMalformed',
  'IllegalLocationConstraintException',
  'PermanentRedirect',
  'TemporaryRedirect',
]);

/** How the SDK's checking stream words a body that is not what was sent; its errors have no code. */
const BROKEN_BODY = /^(Checksum mismatch|Connection lost)/;

/** The permission for an operation, where it is not `s3:<operation>`. */
const PERMISSION: Readonly<Record<string, string>> = {
  HeadObject: 's3:GetObject',
  ListObjectsV2: 's3:ListBucket',
  DeleteObjects: 's3:DeleteObject',
};

/** The parts of an error of the SDK that decide what it means. */
interface Failure {
  name: string;
  message: string;
  code?: string;
  status?: number;
  requestId?: string;
}

/** The HTTP status S3 answered with, if it answered. */
export const statusOf = (thrown: unknown): number | undefined => failure(thrown).status;

/**
 * Anything a request to S3 threw, as an error of ours. An error that is one already passes unchanged.
 * Codes: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
export function s3Error(thrown: unknown, request: S3Request): RenderError {
  if (thrown instanceof RenderError) return thrown;
  const what = failure(thrown);
  const name = request.signal?.aborted ? 'Aborted' : nameOf(what, request);
  return new RenderError(name, wording(name, what, request), {cause: bare(thrown, what)});
}

/** The body of an answer as a stream that fails with errors of ours. Abandoning it frees the connection. */
export function reading(source: Readable, request: S3Request): Readable {
  const out = new PassThrough();
  const fail = (thrown: unknown) => void out.destroy(s3Error(thrown, request));
  const abort = () => fail(request.signal?.reason);
  finished(source, {writable: false}, (thrown) => thrown && fail(thrown));
  request.signal?.addEventListener('abort', abort, {once: true});
  out.once('close', () => {
    source.destroy();
    request.signal?.removeEventListener('abort', abort);
  });
  return source.pipe(out);
}

function failure(thrown: unknown): Failure {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const {code, $metadata} = error as Error & {
    code?: unknown;
    $metadata?: {httpStatusCode?: number; requestId?: string};
  };
  return {
    name: error.name,
    // An AggregateError of refused connections has no words of its own, and HEAD has no answer to quote.
    message: error.message.replace(/^UnknownError$/, '') || String(code ?? error.name),
    code: typeof code === 'string' ? code : undefined,
    status: $metadata?.httpStatusCode,
    requestId: $metadata?.requestId,
  };
}

function nameOf({name, message, code, status}: Failure, {key}: S3Request): ErrorName {
  if (name === 'AbortError') return 'Aborted';
  if (NO_BUCKET.has(name) || OTHER_REGION.has(name) || status === 301 || status === 307)
    return 'BucketNotFound';
  if (name === 'NoSuchKey') return 'StorageNotFound';
  // 409: a write or a delete of the same key was under way, so whether the key is free is not for us to say.
  if (status === 412 || name === 'ConditionalRequestConflict') return 'StorageConflict';
  if (REFUSED.has(name) || status === 401 || status === 403 || status === 501) return 'StorageRefused';
  if (name === 'InvalidStorageClass') return 'StorageRefused';
  if (UNAVAILABLE.has(name) || status === 429 || (status !== undefined && status >= 500))
    return 'StorageUnavailable';
  if (status === 404) return key === undefined ? 'BucketNotFound' : 'StorageNotFound';
  if (brokenConnection(code) || BROKEN_BODY.test(message)) return 'StorageUnavailable';
  if (message.startsWith('Region is missing')) return 'BadSetting';
  return 'Internal';
}

/** System errors (ECONNRESET, EAI_AGAIN), a body that ends too early, and HTTP that does not parse. */
const brokenConnection = (code = ''): boolean =>
  /^E(?!RR_)[A-Z_]+$|^ERR_STREAM_PREMATURE_CLOSE$|^HPE_/.test(code);

function wording(name: ErrorName, what: Failure, {operation, bucket, key}: S3Request): string {
  const asked = key === undefined ? operation : `${operation} of "${key}"`;
  const facts = [
    what.name,
    what.status && `HTTP ${what.status}`,
    what.requestId && `request ${what.requestId}`,
  ];
  const said = `S3 said: ${what.message} (${facts.filter(Boolean).join(', ')})`;
  switch (name) {
    case 'Aborted':
      return `${asked} in bucket "${bucket}" was aborted`;
    case 'BucketNotFound':
      if (OTHER_REGION.has(what.name) || what.status === 301 || what.status === 307)
        return `Bucket "${bucket}" is in another region than the one asked (${asked}). Set AWS_REGION to the bucket's region, or REVIDEO_BUCKET_NAME to a bucket of this region. ${said}`;
      return `Bucket "${bucket}" does not exist (${asked}). Create it, or set REVIDEO_BUCKET_NAME (or output.bucket of the event, if it names this one) to the bucket to use. ${said}`;
    case 'StorageNotFound':
      return `There is no "${key}" in bucket "${bucket}" (${operation})`;
    case 'StorageConflict':
      return `"${key}" in bucket "${bucket}" is taken already (${operation} if absent). ${said}`;
    case 'StorageRefused':
      return `${asked} in bucket "${bucket}" was refused. ${advice(operation, what)} ${said}`;
    case 'StorageUnavailable':
      return `${asked} in bucket "${bucket}" got no answer it could use. ${said}`;
    case 'BadSetting':
      return `${asked} in bucket "${bucket}" needs a region: set AWS_REGION. ${said}`;
    default:
      return `${asked} in bucket "${bucket}" failed. ${said}`;
  }
}

function advice(operation: string, {name, status}: Failure): string {
  if (name === 'InvalidStorageClass')
    return 'This server does not have the storageClass that the event asks for.';
  if (status === 501) return 'This server does not implement it.';
  if (name !== 'AccessDenied' && REFUSED.has(name))
    return 'Check the AWS credentials this process runs with, and its clock.';
  const permission = PERMISSION[operation] ?? `s3:${operation}`;
  // Without s3:ListBucket S3 hides whether a key exists: a missing one is "forbidden".
  const hint =
    permission === 's3:GetObject' ? ' (and s3:ListBucket, or S3 says the same of a missing key)' : '';
  return `Allow ${permission} on the bucket to the role or user this process runs as${hint}.`;
}

/** A copy with name, words and stack only: errors of S3 carry access keys, signatures and whole answers. */
function bare(thrown: unknown, {name, message}: Failure): Error {
  const copy = new Error(message);
  copy.name = name;
  if (thrown instanceof Error && thrown.stack) copy.stack = thrown.stack;
  return copy;
}
