import {GetFunctionConfigurationCommand} from '@aws-sdk/client-lambda';
import {RenderError, toRenderError} from '../../base/errors.ts';
import {cancelJob} from '../../job/cancel-job.ts';
import {jobStatus} from '../../job/job-status.ts';
import type {Storages} from '../../storage/storages.ts';
import {askCancel, askStatus} from '../client/ask.ts';
import {connect} from '../client/connect.ts';
import {createClient} from '../client/create-client.ts';
import type {RenderStatus} from '../client/types.ts';
import type {Asking} from './asking.ts';
import type {Place} from './options.ts';
import {connectionOf, storagesOf} from './place.ts';

/**
 * The jobs of a function. It asks the function itself. While the function's workers take all the room, it
 * reads the stored records directly, where that is known and allowed.
 */
export function functionJobs(functionName: string, place: Place): Asking {
  const connection = connectionOf(place);
  const {short: lambda} = connect(connection);
  const asked = {lambda, functionName};
  let known: Promise<Storages> | undefined;
  const storages = (signal: AbortSignal): Promise<Storages> => {
    known ??= place.bucket || place.storage ? Promise.resolve(storagesOf(place)) : findStorages(signal);
    return known;
  };

  /** The function's answer, or the records' where the function has no room to answer. */
  const orDirectly = async <T>(
    answer: Promise<T>,
    directly: (there: Storages) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> => {
    try {
      return await answer;
    } catch (error) {
      if (toRenderError(error).name !== 'InvokeThrottled') throw error;
      const there = await storages(signal).catch(() => undefined);
      if (!there) throw error;
      return directly(there).catch(() => {
        signal.throwIfAborted();
        throw error;
      });
    }
  };

  /** The function's settings about the place of films. */
  const findStorages = async (signal: AbortSignal): Promise<Storages> => {
    const why = `Where ${functionName} keeps its films has to be known for this`;
    const command = new GetFunctionConfigurationCommand({FunctionName: functionName});
    const settings = await lambda.send(command, {abortSignal: signal}).catch((cause: Error) => {
      signal.throwIfAborted();
      const message = `${why}, and Lambda does not tell (${cause.name}: ${cause.message}). Add --bucket <name>, or --storage <folder> for a local service.`;
      throw new RenderError('BadSetting', message, {cause});
    });
    const {REVIDEO_BUCKET_NAME: bucket, REVIDEO_DIRECTORY: folder} = settings.Environment?.Variables ?? {};
    if (bucket || folder) return storagesOf({...place, ...(bucket ? {bucket} : {storage: folder ?? ''})});
    throw new RenderError('BadSetting', `${why}, and its settings do not say. Add --bucket <name>.`);
  };

  return {
    client: createClient({functionName, ...connection}),
    where: functionName,
    storages,
    status: (event, signal) =>
      orDirectly<RenderStatus>(
        askStatus(asked, event, signal),
        (there) => jobStatus(event, there, signal),
        signal,
      ),
    cancel: (event, signal) =>
      orDirectly(askCancel(asked, event, signal), (there) => cancelJob(event, there, signal), signal),
  };
}
