import {existsSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {InvokeCommand, type InvokeCommandInput, LambdaClient} from '@aws-sdk/client-lambda';
import {onTestFinished, vi} from 'vitest';
import {
  type FunctionConfig,
  type Service,
  type ServiceOptions,
  startService,
} from '../../local-lambda/service.ts';

// Ends a wait for what never comes; nothing here is slow on purpose.
vi.setConfig({testTimeout: 60_000, hookTimeout: 60_000});

/** A function over a fixture, named by its file and export: `failing.ts`, `typed`. */
export const fixture = (
  file: string,
  exportName = 'handler',
  more: Partial<FunctionConfig> = {},
): FunctionConfig => ({
  name: 'subject',
  handler: {file: fileURLToPath(new URL(`./local-lambda/${file}`, import.meta.url)), exportName},
  environment: {},
  memoryMb: 256,
  timeoutSeconds: 60,
  ...more,
});

/** A service for one test, with everything it logged. */
export async function serve(
  functions: FunctionConfig | FunctionConfig[],
  options: Partial<ServiceOptions> = {},
): Promise<Service & {logged: string[]}> {
  const logged: string[] = [];
  const logs = (line: string) => void logged.push(line);
  const service = await startService({functions: [functions].flat(), logs, ...options});
  onTestFinished(() => service.close());
  return {...service, logged};
}

/** A client that tries once. */
export const clientOf = ({url}: Service): LambdaClient =>
  new LambdaClient({
    endpoint: url,
    region: 'us-east-1',
    credentials: {accessKeyId: 'local', secretAccessKey: 'local'},
    maxAttempts: 1,
  });

/** Invokes `subject` through the SDK, with JSON both ways and the log as text. */
export async function invoke(service: Service, event: unknown = {}, input: Partial<InvokeCommandInput> = {}) {
  const command = new InvokeCommand({FunctionName: 'subject', Payload: JSON.stringify(event), ...input});
  const {Payload, LogResult, ...answer} = await clientOf(service).send(command);
  const text = Payload?.transformToString() ?? '';
  const log = Buffer.from(LogResult ?? '', 'base64').toString();
  return {...answer, text, value: text ? JSON.parse(text) : undefined, log};
}

/** An empty directory for one test. */
export function scratch(): string {
  const directory = mkdtempSync(join(tmpdir(), 'test-'));
  onTestFinished(() => rmSync(directory, {recursive: true, force: true}));
  return directory;
}

/** Resolves when `condition` holds; the test's own time limit ends a wait for what never comes. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(10);
}

/** The content of a file that another process will write. */
export async function fileContent(file: string): Promise<string> {
  await until(() => existsSync(file) && readFileSync(file, 'utf8') !== '');
  return readFileSync(file, 'utf8');
}

/** Whether a process runs; a zombie, which only waits to be collected by its parent, does not. */
export function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch (error) {
    const {code, path} = error as NodeJS.ErrnoException;
    return code === 'ENOENT' && path !== undefined && !existsSync('/proc');
  }
}
