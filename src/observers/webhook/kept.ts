import {runKey} from '../../model/keys.ts';
import type {Webhook} from '../../model/webhook-secret.ts';
import {putRecord, readRecord} from '../../storage/record.ts';
import type {Storage} from '../../storage/storage.ts';

/** A run of a job. */
export interface RunPlace {
  storage: Storage;
  jobId: string;
  run: number;
  signal: AbortSignal;
}

const key = ({jobId, run}: RunPlace): string => runKey(jobId, run, 'webhook');

/**
 * Keeps whom a run's end is told to, for whoever has to tell it if its orchestrator dies. Of a secret that the function has
 * only the name is kept. A secret that the event has brought is kept until the end is told, and no longer. What the run before has left is its own no more.
 */
export async function keepWebhook(place: RunPlace, webhook: Webhook): Promise<void> {
  const {storage, signal, run} = place;
  await putRecord(key(place), webhook, {storage, signal});
  if (run > 1) await forgetWebhook({...place, run: run - 1});
}

/** Whom a run's end is told to, or that of the run before; undefined where there is nobody, or it is told. */
export async function readWebhook(place: RunPlace): Promise<Webhook | undefined> {
  const {storage, signal, run} = place;
  const here = await readRecord(key(place), {storage, signal});
  const kept = here || run === 1 ? here : await readRecord(key({...place, run: run - 1}), {storage, signal});
  if (!kept) return undefined;
  const {schema: _, ...webhook} = kept;
  return webhook as Omit<typeof kept, 'schema'> & Webhook;
}

/** Forgets whom a run's end was told to, also where only the run before had kept it. */
export async function forgetWebhook(place: RunPlace): Promise<void> {
  const {storage, run, signal} = place;
  await storage.delete([key(place), ...(run > 1 ? [key({...place, run: run - 1})] : [])], {signal});
}
