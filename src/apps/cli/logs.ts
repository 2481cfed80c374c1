import {existsSync} from 'node:fs';
import {resolve} from 'node:path';
import {LambdaClient} from '@aws-sdk/client-lambda';
import {RenderError} from '../../base/errors.ts';
import {JOB_ID} from '../../model/event.ts';
import {refusalsPrefix, runsPrefix} from '../../model/keys.ts';
import {parseEvent} from '../../model/parse-event.ts';
import {insightsLink, logGroupLink} from './console-links.ts';
import {CommandEnded, EXIT} from './exit.ts';
import {type Place, whole} from './options.ts';
import {checkAddress, connectionOf} from './place.ts';
import {print} from './print.ts';
import {findStorageFolder} from './storage-folder.ts';

/** The options of `logs`, as they come from the command line. */
export interface LogsCommand extends Place {
  hours: string;
  json?: boolean;
}

/**
 * Says where a job's logs are: as links into the AWS console, or on this machine. Rejects with `CommandEnded`
 * (`JobUnknown`) where this machine has no record of the job. A function is not asked: its log may say why there is none.
 */
export async function logs(jobId: string, {hours, json, ...place}: LogsCommand): Promise<void> {
  if (!JOB_ID.test(jobId)) parseEvent({jobType: 'status', jobId});
  const seconds = whole('hours', hours, {min: 1, max: 8760}) * 3600;
  checkAddress(place);
  const found = place.function ? await ofFunction(jobId, {place, seconds}) : ofStorage(jobId, place);
  if (json) return print(found, true);
  for (const [what, where] of Object.entries(found)) process.stdout.write(`${what}:\n  ${where}\n`);
}

async function ofFunction(
  jobId: string,
  {place, seconds}: {place: Place; seconds: number},
): Promise<Record<string, string>> {
  const {function: functionName = '', endpointUrl} = place;
  if (endpointUrl)
    return {
      'service on this machine': `on the standard error of the revideo-lambda serve that listens on ${endpointUrl}`,
    };
  // arn:<partition>:lambda:<region>:<account>:function:<name>[:<qualifier>], or <account>:function:<name>, or a name.
  const [, arnRegion] = /^arn:[\w-]+:lambda:([\w-]+):/.exec(functionName) ?? [];
  const name = functionName.replace(/^.*:?function:/, '').replace(/:.*$/, '');
  const region = arnRegion ?? (await regionOf(place));
  const group = `/aws/lambda/${name}`;
  return {
    'Logs Insights': insightsLink({region, group, text: jobId, seconds}),
    'log group, filtered': logGroupLink({region, group, text: jobId, seconds}),
    'in a shell': `aws logs tail ${group} --region ${region} --since ${seconds / 3600}h --filter-pattern '"${jobId}"'`,
  };
}

async function regionOf(place: Place): Promise<string> {
  const lambda = new LambdaClient(connectionOf(place));
  try {
    return await lambda.config.region();
  } catch (cause) {
    throw new RenderError(
      'BadSetting',
      'The region of the function is not known: add --region <name>, or set AWS_REGION.',
      {cause},
    );
  } finally {
    lambda.destroy();
  }
}

function ofStorage(jobId: string, {bucket, storage}: Place): Record<string, string> {
  if (bucket)
    throw new RenderError(
      'BadSetting',
      `A bucket does not say which function wrote to it: add --function <name> for links to its logs. The records of the job itself are in s3://${bucket}/jobs/${jobId}/.`,
    );
  if (storage) findStorageFolder(storage);
  const root = resolve(storage ?? 'out');
  const records = {
    'records of its runs': resolve(root, runsPrefix(jobId)),
    'records of its refused events': resolve(root, refusalsPrefix(jobId)),
  };
  // Not by the job's state: the logs are wanted most where a record cannot be read.
  const found = Object.entries(records).filter(([, folder]) => existsSync(folder));
  if (found.length === 0) {
    const message = `No run of job ${jobId} has started in ${root}. Check the name, or say where the job is: --storage <folder> or --function <name>.`;
    throw new CommandEnded({name: 'JobUnknown', message, exitCode: EXIT.failed});
  }
  return {
    log: 'on the standard error of the revideo-lambda that rendered it (LOG_LEVEL says how much)',
    ...Object.fromEntries(found),
  };
}
