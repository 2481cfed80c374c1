import {type ErrorName, RenderError} from '../../src/base/errors.ts';
import {code, table} from './markdown.ts';

/** Cause of each error and what to do, in words for a user. The type makes the list complete. */
const ERRORS: Readonly<Record<ErrorName, readonly [cause: string, action: string]>> = {
  BadEvent: [
    'A field of the event is unknown, missing or out of range',
    'Correct the field that the message names',
  ],
  BadSetting: [
    'An option or an environment variable has a bad value',
    'Correct the value that the message names',
  ],
  Unauthorized: [
    'An HTTP request has neither an IAM signature nor the secret',
    'Sign it, or send the [bearer token](events.md#http)',
  ],
  ProjectNotFound: [
    'The path has no Revideo project',
    'Check [`--project`](your-project.md#where-the-project-file-is)',
  ],
  ProjectBroken: ['The project does not compile', 'Correct the lines that the message shows'],
  SceneFailed: ['Code of the project threw an error', 'Correct the line that the message names'],
  MediaFailed: [
    'A clip, sound, picture or font cannot be read',
    'See [media](media.md) and [fonts](fonts-and-network.md)',
  ],
  ToolMissing: [
    'ffmpeg or a browser is not installed',
    'Run `npm ci`, or set the [path](environment.md#programs)',
  ],
  FfmpegFailed: ['ffmpeg ended with an error', 'Read the last lines of ffmpeg in the message'],
  FfmpegKilled: ['ffmpeg was killed or did not end', 'Give it more memory if retries fail too'],
  DiskFailed: ['The temporary disk is full or read-only', 'Free space; on Lambda raise `--tmp`'],
  BrowserCrashed: ['The browser crashed or stopped answering', 'Give it more memory if retries fail too'],
  RenderStalled: ['The page drew no frame for too long', 'Look for a promise that never resolves'],
  ChunkMismatch: [
    'A stored chunk has other frames or bytes than expected',
    'Nothing; the chunk is rendered again',
  ],
  FilmMismatch: ['The joined film differs from the plan', 'Please report it, with the job report'],
  BucketNotFound: ['The bucket does not exist, or has another owner', 'Check the name and the region'],
  StorageRefused: [
    'The role has no right to this key',
    'Add the [right](permissions-and-quotas.md) that the message names',
  ],
  StorageNotFound: ['An object is missing', 'Render again; lifecycle rules delete old objects'],
  StorageGarbled: [
    'A record is damaged, or from a later version',
    'Update revideo-lambda, or use another `jobId`',
  ],
  StorageConflict: ['Another writer created the same object first', 'Send the event again'],
  StorageUnavailable: [
    'Storage gave no good answer for 60 s; 5 s for status, list and cancel',
    'Send the event again; chunks are reused',
  ],
  InvokeRefused: [
    'The function does not exist, or you may not invoke it',
    'Check its name, region and your rights',
  ],
  InvokeThrottled: [
    'Lambda has no free capacity',
    'Wait, or [raise the quota](permissions-and-quotas.md#quotas)',
  ],
  InvokeLost: ['The connection to a worker broke', 'Nothing; the chunk is retried'],
  WorkerCrashed: [
    'A process ended early: killed, out of memory, crashed',
    'Raise `--memory` if retries fail too',
  ],
  TimedOut: ['A worker or the job reached its time limit', 'Use more workers, memory or time'],
  DeadlineNear: ['A chunk is too long for the time limit', 'Use the number of workers in the message'],
  JobUnknown: ['No run of this job exists', 'Check the `jobId` and the place'],
  MaxCostReached: [
    'The job has reached its cost limit',
    'Send it again with a higher [`maxCost`](cost.md#cost-limit)',
  ],
  JobConflict: ['Another request already uses this `jobId`', 'Use another `jobId`'],
  ProjectChanged: ['A worker has another project than the job', 'Deploy again, or start a new job'],
  Cancelled: ['A `cancel` event stopped the job', 'Use another `jobId` to render it'],
  JobTakenOver: ['Another invocation took the job over', 'Nothing; the other invocation continues'],
  Aborted: ['The caller stopped, or another chunk failed first', 'Look for the first error'],
  Internal: ['A defect of this program', 'Please report it, with the message and the report'],
};

/** The table of `docs/errors.md`. */
export const ERROR_PARTS: Readonly<Record<string, () => string>> = {
  errors: () =>
    table(
      ['`errorType`', 'cause', 'what to do', 'retried'],
      Object.entries(ERRORS).map(([name, [cause, action]]) => [
        code(name),
        cause,
        action,
        new RenderError(name as ErrorName, '').retryable ? 'yes' : 'no',
      ]),
    ),
};
