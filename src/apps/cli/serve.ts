import {once} from 'node:events';
import {availableParallelism} from 'node:os';
import {resolve} from 'node:path';
import {startService} from '../../../local-lambda/service.ts';
import {RenderError} from '../../base/errors.ts';
import type {TypeCheck} from '../../model/type-checks.ts';
import {readConfig} from '../config.ts';
import {entryHere} from '../handler/entry.ts';
import {chooseProject} from './choose-project.ts';
import {openPage} from './open-page.ts';
import {whole} from './options.ts';
import {makeStorageFolder} from './storage-folder.ts';

/** The options of `serve`, as they come from the command line. */
export interface ServeCommand {
  project?: string;
  typeCheck?: TypeCheck;
  missingFonts?: 'error' | 'warn';
  storage: string;
  port: string;
  name: string;
  concurrency?: string;
  memory: string;
  timeout: string;
}

/** Variables of this shell that the function is given too. */
const PASSED_ON =
  /^(AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|REGION|DEFAULT_REGION|ENDPOINT_URL(_S3)?)|REVIDEO_\w+|VITE_\w+|FFMPEG_PATH|PUPPETEER_EXECUTABLE_PATH|LOG_LEVEL)$/;

/** Runs the function on this machine, behind Lambda's Invoke API, until the signal fires. */
export async function serve(options: ServeCommand, signal: AbortSignal): Promise<void> {
  const {name, storage} = options;
  const port = whole('port', options.port, {min: 0, max: 65_535});
  const timeoutSeconds = whole('timeout', options.timeout, {min: 1, max: 900});
  const memoryMb = whole('memory', options.memory, {min: 128, max: 10_240});
  // One place more than there are cores: the orchestrator only waits.
  const concurrency = whole('concurrency', options.concurrency ?? String(availableParallelism() + 1), {
    min: 2,
    max: 1000,
  });
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(name)) {
    throw new RenderError(
      'BadSetting',
      `--name is ${JSON.stringify(name)}; it must be 1 to 64 of A-Z a-z 0-9 _ -.`,
    );
  }
  if (!readConfig().bucket) await makeStorageFolder(storage);
  const {path, folder, name: projectName} = await chooseProject(options.project);
  const {typeCheck, missingFonts} = options;
  const config = {
    ...readConfig(),
    ...(typeCheck && {typeCheck}),
    ...(missingFonts && {missingFonts}),
  };

  const environment: Record<string, string> = {
    // The SDK signs every request; this service does not look at the signature.
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    REVIDEO_CONCURRENCY: String(concurrency - 1),
    ...passedOn(),
    REVIDEO_PROJECT: path,
    ...(config.typeCheck && {REVIDEO_TYPE_CHECK: config.typeCheck}),
    ...(config.missingFonts && {REVIDEO_MISSING_FONTS: config.missingFonts}),
    REVIDEO_CACHE: config.cache,
    ...(!config.bucket && {REVIDEO_DIRECTORY: resolve(storage)}),
  };
  const handler = {file: entryHere(folder), exportName: 'handler'};
  const functions = [{name, handler, environment, memoryMb, timeoutSeconds}];
  const servicePage = openPage({
    functionName: name,
    path,
    projectName,
    config,
    signal,
    directory: resolve(storage),
  });
  const {page} = servicePage;
  const service = await startService({port, functions, concurrency, page}).catch((error) => {
    throw new RenderError('BadSetting', `The service cannot start on port ${port}. ${error.message}`, {
      cause: error,
    });
  });
  environment.AWS_ENDPOINT_URL_LAMBDA = service.url;
  servicePage.reach(service.url);

  process.stderr.write(
    `${welcome({url: service.url, name, folder, concurrency, films: config.bucket ?? resolve(storage)})}\n`,
  );
  try {
    if (!signal.aborted) await once(signal, 'abort');
  } finally {
    await Promise.all([service.close(), servicePage.close()]);
  }
}

function passedOn(): Record<string, string> {
  const set = Object.entries(process.env).filter(([key, value]) => PASSED_ON.test(key) && value);
  return Object.fromEntries(set) as Record<string, string>;
}

const welcome = ({
  url,
  name,
  folder,
  concurrency,
  films,
}: {
  url: string;
  name: string;
  folder: string;
  concurrency: number;
  films: string;
}) =>
  `Function ${name} listens on ${url}
  project      ${folder}
  films go to  ${films}
  at a time    ${concurrency} invocations
  to look at   ${url}/

Try it:
  aws lambda invoke --endpoint-url ${url} --function-name ${name} \\
    --cli-binary-format raw-in-base64-out --payload file://events/full-render.json \\
    --cli-read-timeout 0 answer.json
(version 1 of aws does without --cli-binary-format)

Ctrl+C ends it.`;
