import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {type FunctionConfig, type Service, startService} from '../../../local-lambda/service.ts';
import {readConfig} from '../../../src/apps/config.ts';
import {PROJECTS} from '../../support/project-media.ts';
import {partialOf} from './events.ts';
import {type Exchange, type FaultProxy, startProxy} from './proxy.ts';
import {type Bucket, startBucket} from './s3.ts';
import {makeTools, type Tools} from './tools.ts';

/** The differences of a row's Lambda from the others'. */
export interface StageOptions {
  /** Invocations at the same time; 6 by default. */
  concurrency?: number;
  /** The function's timeout; 120 s by default. */
  timeoutSeconds?: number;
  /** More variables of the function. */
  environment?: Record<string, string>;
  /** The function's entry, in place of the one that is deployed. */
  entry?: string;
  beforeRuntime?: string;
  beforeBrowser?: string;
}

/** A whole Lambda, its bucket, and the ways between them. */
export interface Stage {
  service: Service;
  bucket: Bucket;
  /** The Invoke API, as the function and its callers reach it. */
  invoke: FaultProxy;
  tools: Tools;
  /** Every line that any environment logged. */
  log: string[];
  /** How many workers were begun for a job: invocations that Lambda took. */
  workersBegun(jobId: string): number;
  close(): Promise<void>;
}

const HANDLER = fileURLToPath(new URL('../../../revideo-project/src/lambda.ts', import.meta.url));

/** The function's name. */
export const FUNCTION = 'films';

/** Starts everything a film needs: an S3 server, the Lambda service, a proxy before each of them. */
export async function startStage(options: StageOptions = {}): Promise<Stage> {
  const {concurrency = 6, timeoutSeconds = 120, entry = HANDLER} = options;
  const directory = mkdtempSync(join(tmpdir(), 'stage-'));
  const tools = await makeTools({directory, ...options});
  const bucket = await startBucket();
  const begun: string[] = [];
  const log: string[] = [];

  const invoke = await startProxy({
    target: () => service.url,
    async through({body}: Exchange, next) {
      const jobId = partialOf(body)?.jobId;
      if (jobId) begun.push(jobId);
      const answer = await next();
      if (jobId && answer.status === 429) begun.splice(begun.indexOf(jobId), 1);
      return answer;
    },
  });
  const environment = {
    ...bucket.environment,
    ...tools.environment,
    AWS_ENDPOINT_URL_LAMBDA: invoke.url,
    REVIDEO_PROJECT: join(PROJECTS, 'faults'),
    REVIDEO_CACHE: readConfig().cache,
    REVIDEO_CONCURRENCY: String(concurrency - 1),
    // Every media server of these tests is this machine.
    REVIDEO_PRIVATE_HOSTS: '127.0.0.1',
    ...options.environment,
  };
  const config: FunctionConfig = {
    name: FUNCTION,
    handler: {file: entry, exportName: 'handler'},
    environment,
    memoryMb: 3008,
    timeoutSeconds,
  };
  const service = await startService({functions: [config], concurrency, logs: (line) => void log.push(line)});

  return {
    service,
    bucket,
    invoke,
    tools,
    log,
    workersBegun: (jobId) => begun.filter((id) => id === jobId).length,
    async close() {
      await service.close();
      await invoke.close();
      await bucket.close();
      rmSync(directory, {recursive: true, force: true});
    },
  };
}
