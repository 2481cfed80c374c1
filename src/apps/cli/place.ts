import {resolve} from 'node:path';
import {RenderError} from '../../base/errors.ts';
import {directoryStorage} from '../../storage/directory/directory.ts';
import {ASKING_PATIENCE} from '../../storage/retrying-storage.ts';
import {s3Client} from '../../storage/s3/s3.ts';
import {s3Buckets} from '../../storage/s3/s3-buckets.ts';
import type {Storages} from '../../storage/storages.ts';
import {retryingStorages} from '../../storage/storages.ts';
import type {ClientOptions} from '../client/client.ts';
import type {Place} from './options.ts';

/** The options that name a place, as words of a command line. */
export function placeWords({function: name, endpointUrl, region, bucket, storage}: Place): string {
  const named = {function: name, 'endpoint-url': endpointUrl, region, bucket, storage};
  return Object.entries(named)
    .flatMap(([option, value]) => (value ? [`--${option} ${value}`] : []))
    .join(' ');
}

/** Throws `BadSetting` for an invalid address of a service. */
export function checkAddress({endpointUrl}: Place): void {
  if (endpointUrl === undefined || /^https?:$/.test(URL.parse(endpointUrl)?.protocol ?? '')) return;
  throw new RenderError(
    'BadSetting',
    `--endpoint-url is ${JSON.stringify(endpointUrl)}; it must be an address such as http://127.0.0.1:9001.`,
  );
}

/**
 * How a client reaches a function. The service of `serve` checks neither region nor credentials, but the SDK
 * needs some.
 */
export function connectionOf({endpointUrl, region}: Place): Omit<ClientOptions, 'functionName'> {
  const isHere = endpointUrl && /^(127\.|localhost$|\[::1\]$)/.test(new URL(endpointUrl).hostname);
  const {AWS_ACCESS_KEY_ID, AWS_PROFILE, AWS_REGION} = process.env;
  return {
    ...(endpointUrl && {endpoint: endpointUrl}),
    ...(region && {region}),
    ...(isHere && !region && !AWS_REGION && {region: 'us-east-1'}),
    ...(isHere &&
      !AWS_ACCESS_KEY_ID &&
      !AWS_PROFILE && {credentials: {accessKeyId: 'local', secretAccessKey: 'local'}}),
  };
}

/** The storage that options name, and what opens the buckets that films may be put into beside it. */
export function storagesOf({function: name, bucket, storage = 'out', region, endpointUrl}: Place): Storages {
  const patience = {patience: ASKING_PATIENCE};
  if (!bucket) return retryingStorages({storage: directoryStorage({root: resolve(storage)})}, patience);
  // With a function, the address is Lambda's.
  const endpoint = name ? undefined : endpointUrl;
  const storageFor = s3Buckets(() => s3Client({...(region && {region}), ...(endpoint && {endpoint})}));
  return retryingStorages({storage: storageFor(bucket), storageFor}, patience);
}
