import {existsSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {onTestFinished} from 'vitest';
import {type Service, startService} from '../../local-lambda/service.ts';
import type {Client} from '../../src/apps/client/client.ts';
import {createClient} from '../../src/apps/client/create-client.ts';
import {type FaultProxy, startProxy} from '../faults/support/proxy.ts';
import {scratch, until} from './processes.ts';

const file = fileURLToPath(new URL('./client/films.ts', import.meta.url));
/** Frames of the function's film. */
export const FRAMES = 12;
/** A film in three chunks. */
export const request = {numWorkers: 3, variables: {}};

/** The function behind the Invoke API, with a proxy on the way to it, for one test. */
export async function serve({concurrency = 4}: {concurrency?: number} = {}) {
  const storage = scratch();
  const gate = join(scratch(), 'open');
  const openGate = () => writeFileSync(gate, '');
  const handler = {file, exportName: 'handler'};
  const environment = {REVIDEO_DIRECTORY: storage};
  const films = {name: 'films', handler, environment, memoryMb: 512, timeoutSeconds: 60};
  const service = await startService({functions: [films], logs: () => {}, concurrency});
  const proxy = await startProxy({target: () => service.url});
  onTestFinished(async () => {
    openGate();
    await proxy.close();
    await service.close();
  });
  return {
    ...{service, proxy, client: clientOf(proxy.url), storage},
    /** Where its film is. */
    film: (jobId: string) => join(storage, `renders/${jobId}.mp4`),
    /** A request whose first chunk alone is drawn before the gate is opened. */
    gated: {...request, variables: {gate}},
    openGate,
    /** Whether a job has started. */
    isBegun: () => existsSync(join(storage, 'jobs')),
  };
}

/** A client of the function at an address. */
export const clientOf = (endpoint: string, functionName = 'films'): Client =>
  createClient({
    ...{functionName, endpoint, region: 'us-east-1'},
    credentials: {accessKeyId: 'local', secretAccessKey: 'local'},
  });

/** The kind of an event. */
export const jobTypeOf = (body: Buffer): string => JSON.parse(body.toString()).jobType;

/** Resolves when this many events of this kind have come through. */
export const passed = (proxy: FaultProxy, jobType: string, times = 1): Promise<void> =>
  until(() => proxy.passed.filter(({exchange}) => jobTypeOf(exchange.body) === jobType).length >= times);

/** The environment that renders. */
export const orchestratorOf = (service: Service) =>
  service.environments().find(({invocation}) => invocation && jobTypeOf(invocation.payload) === 'fullRender');
