import {GetFunctionConfigurationCommand} from '@aws-sdk/client-lambda';
import {RenderError, toRenderError} from '../../base/errors.ts';
import {answerOf, invoke} from '../../engines/lambda/invoke.ts';
import {type CancelResult, cancelJob} from '../../job/cancel-job.ts';
import {jobStatus} from '../../job/job-status.ts';
import type {CancelJob, StatusJob} from '../../model/event.ts';
import type {Storages} from '../../storage/storages.ts';
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
  let known: Promise<Storages> | undefined;
  const storages = (signal: AbortSignal): Promise<Storages> => {
    known ??= place.bucket || place.storage ? Promise.resolve(storagesOf(place)) : findStorages(signal);
    return known;
  };

  const ask = async <T>(
    event: StatusJob | CancelJob,
    {signal, directly}: {signal: AbortSignal; directly: (there: Storages) => Promise<T>},
  ): Promise<T> => {
    try {
      const payload = JSON.stringify(event);
      const answer = await invoke(lambda, {functionName, type: 'RequestResponse', payload, signal});
      return answerOf(answer, functionName) as T;
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
    async status(event, signal) {
      const directly = (there: Storages): Promise<RenderStatus> => jobStatus(event, there, signal);
      const answer = await ask<RenderStatus | null>(event, {signal, directly});
      if (typeof answer?.run === 'number') return answer;
      const said = JSON.stringify(answer)?.slice(0, 200);
      throw new RenderError(
        'InvokeRefused',
        `${functionName} answered, but with something else: ${said}. Is it this project's function?`,
      );
    },
    cancel: (event, signal) =>
      ask<CancelResult>(event, {
        signal,
        directly: (there) => cancelJob(event, there, signal),
      }),
  };
}
