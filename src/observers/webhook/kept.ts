import {runKey} from '../../model/keys.ts';
import type {Webhook} from '../../model/webhook-secret.ts';
import {putRecord, readRecord} from '../../storage/record.ts';
import type {Storage} from '../../storage/storage.ts';

/** A run of a job. */
export interface RunRecords {
  storage: Storage;
  jobId: string;
  run: number;
  signal: AbortSignal;
}

const key = ({jobId, run}: RunRecords): string => runKey(jobId, run, 'webhook');

/**
 * Stores the receiver of a run's end, so that another process can send the notice if the orchestrator dies. A
 * secret of the function is stored by its name alone. A secret from the event is stored until the end is
 * sent, and no longer. The copy of the run before is deleted.
 */
export async function keepWebhook(place: RunRecords, webhook: Webhook): Promise<void> {
  const {storage, signal, run} = place;
  await putRecord(key(place), webhook, {storage, signal});
  if (run > 1) await forgetWebhook({...place, run: run - 1});
}

/**
 * The receiver of the end of a run or of the run before; undefined if there is none, or the notice was sent.
 */
export async function readWebhook(place: RunRecords): Promise<Webhook | undefined> {
  const {storage, signal, run} = place;
  const here = await readRecord(key(place), {storage, signal});
  const kept = here || run === 1 ? here : await readRecord(key({...place, run: run - 1}), {storage, signal});
  if (!kept) return undefined;
  const {schema: _, ...webhook} = kept;
  return webhook as Omit<typeof kept, 'schema'> & Webhook;
}

/** Deletes the receiver of a run's end, also if only the run before had stored it. */
export async function forgetWebhook(place: RunRecords): Promise<void> {
  const {storage, run, signal} = place;
  await storage.delete([key(place), ...(run > 1 ? [key({...place, run: run - 1})] : [])], {signal});
}
