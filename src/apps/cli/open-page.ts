import {LambdaClient} from '@aws-sdk/client-lambda';
import type {PageRoutes} from '../../../local-lambda/service.ts';
import {RenderError} from '../../base/errors.ts';
import {revideoRenderer} from '../../renderers/revideo/renderer.ts';
import {directoryStorage} from '../../storage/directory/directory.ts';
import {ASKING_PATIENCE} from '../../storage/retrying-storage.ts';
import {s3Buckets} from '../../storage/s3/s3-buckets.ts';
import {retryingStorages} from '../../storage/storages.ts';
import type {Config} from '../config.ts';
import {addPage} from '../page/service-page.ts';

/** The page of a local service. */
export interface ServicePage {
  page: PageRoutes;
  /** Tells the page where the service is that it invokes. */
  reach(url: string): void;
  /** Closes the browser that has read the project. */
  close(): Promise<void>;
}

/**
 * Wires the page at the root of the local service. It requests films through the service's own Invoke API,
 * and reads their records where the function puts them.
 */
export function openPage({
  functionName,
  path,
  projectName,
  config,
  directory,
  signal,
}: {
  functionName: string;
  /** Path of the project: its folder or its project file. */
  path: string;
  projectName: string;
  config: Config;
  /** Where films are kept where no bucket is named. */
  directory: string;
  signal: AbortSignal;
}): ServicePage {
  const {bucket} = config;
  const buckets = s3Buckets();
  const opened = bucket ? buckets(bucket) : directoryStorage({root: directory});
  const given = {storage: opened, storageFor: buckets};
  const {storage, storageFor} = retryingStorages(given, {patience: ASKING_PATIENCE, signal});
  const renderer = revideoRenderer({...config, project: path});
  let lambda: LambdaClient | undefined;
  const options = {
    storage,
    functionName,
    signal,
    projectName,
    ...(bucket ? {storageFor} : {directory}),
    lambda: () => {
      if (lambda) return lambda;
      throw new RenderError('Internal', 'The page was asked before the service had begun.');
    },
    async readVariables(until: AbortSignal) {
      try {
        return await renderer.readVariables({signal: until});
      } finally {
        // Its memory is for those who draw.
        await renderer.close();
      }
    },
  };
  return {
    page: (app) => addPage(app, options),
    reach(endpoint) {
      const credentials = {accessKeyId: 'local', secretAccessKey: 'local'};
      lambda = new LambdaClient({endpoint, region: 'us-east-1', credentials, maxAttempts: 1});
    },
    async close() {
      lambda?.destroy();
      await renderer.close();
    },
  };
}
