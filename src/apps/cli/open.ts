import openInViewer from 'open';
import {reportKey} from '../../model/keys.ts';
import type {Jobs} from './asking.ts';
import {finished} from './download.ts';
import {CommandEnded, EXIT} from './exit.ts';
import type {Interrupt} from './interrupt.ts';
import {openJobs} from './jobs.ts';
import type {Place} from './options.ts';
import {tell} from './print.ts';

/** The options of `open`, as they come from the command line. */
export interface OpenCommand extends Place {
  report?: boolean;
  print?: boolean;
}

/** Shows a job's film, or its report, in the system's viewer, and prints its address. */
export async function open(
  jobId: string,
  {report, print, ...place}: OpenCommand,
  {signal}: Interrupt,
): Promise<void> {
  const jobs = openJobs(place);
  const address = report
    ? await reportAddress(jobId, {jobs, signal})
    : (await finished(jobId, {jobs, signal})).resultUrl;
  process.stdout.write(`${address}\n`);
  if (print) return;
  if (!hasViewer()) return tell('There is no screen here to show it on: open the address elsewhere.');
  await openInViewer(address);
}

async function reportAddress(
  jobId: string,
  {jobs, signal}: {jobs: Jobs; signal: AbortSignal},
): Promise<string> {
  const {storage} = await jobs.storages(signal);
  const key = reportKey(jobId);
  if (await storage.head(key)) return storage.url(key);
  const message = `Job ${jobId} has no report in ${storage.bucket}: it is written when the job ends.`;
  throw new CommandEnded({name: 'NoReport', message, exitCode: EXIT.failed});
}

/** Whether a viewer can be opened: a Linux without a display has none. */
const hasViewer = (): boolean =>
  process.platform !== 'linux' ||
  Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY || process.env.WSL_DISTRO_NAME);
