import {InvokeCommand, LambdaClient} from '@aws-sdk/client-lambda';
import type {ContainerImage} from '../../../local-lambda/container.ts';
import {type FunctionConfig, type Service, startService} from '../../../local-lambda/service.ts';
import type {ErrorPayload} from '../../../src/base/errors.ts';
import {type Bucket, startBucket} from '../../faults/support/s3.ts';

/** The image under test and its tool; run.ts has built it and sets them. */
export const IMAGE = 'revideo-lambda';
export const BASE = process.env.IMAGE_TEST_BASE ?? '';
export const TOOL = 'podman';

/** Megabytes, as few as Lambda may be set to for it. */
export const LIMITS = {memoryMb: 2048, tmpMb: 512} as const;

/** The image as a function, a bucket, and a caller. */
export interface ImageStage {
  service: Service;
  bucket: Bucket;
  /** Every REPORT line so far. */
  reports: string[];
  /** Sends an event and waits for the answer. Rejects with the error that the function names. */
  invoke<T>(event: object): Promise<T>;
  close(): Promise<void>;
}

/** Starts the image behind the Invoke API: one container for each execution environment, up to `concurrency`. */
export async function startImage({
  concurrency,
  user,
}: {
  concurrency: number;
  user?: string;
}): Promise<ImageStage> {
  const bucket = await startBucket();
  const environment: Record<string, string> = {
    ...bucket.environment,
    REVIDEO_CONCURRENCY: String(Math.max(1, concurrency - 1)),
  };
  const {memoryMb, tmpMb} = LIMITS;
  const handler: ContainerImage = {image: IMAGE, tool: TOOL, tmpMb, user};
  const config: FunctionConfig = {name: 'image', handler, environment, memoryMb, timeoutSeconds: 300};
  const reports: string[] = [];
  const log: string[] = [];
  const service = await startService({
    functions: [config],
    concurrency,
    logs(line) {
      log.push(line);
      if (line.startsWith('REPORT')) reports.push(line);
    },
  });
  environment.AWS_ENDPOINT_URL_LAMBDA = service.url;
  const credentials = {accessKeyId: 'local', secretAccessKey: 'local'};
  const client = new LambdaClient({endpoint: service.url, region: 'us-east-1', credentials, maxAttempts: 1});

  return {
    service,
    bucket,
    reports,
    async invoke<T>(event: object) {
      const command = new InvokeCommand({FunctionName: 'image', Payload: JSON.stringify(event)});
      const {Payload, FunctionError} = await client.send(command);
      const answer: unknown = JSON.parse(Payload?.transformToString() ?? 'null');
      if (!FunctionError) return answer as T;
      const {errorType, errorMessage} = answer as ErrorPayload;
      throw new Error(`${errorType}: ${errorMessage}\n${log.slice(-20).join('\n')}`);
    },
    async close() {
      client.destroy();
      await service.close();
      await bucket.close();
    },
  };
}
