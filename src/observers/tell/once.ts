import {randomUUID} from 'node:crypto';
import {z} from 'zod';
import {RenderError} from '../../base/errors.ts';
import {persist} from '../../base/persist.ts';
import {messageKey} from '../../model/keys.ts';
import {isConflict} from '../../storage/json.ts';
import {putRecord, readRecord} from '../../storage/record.ts';
import type {Storage} from '../../storage/storage.ts';

/** Milliseconds after which the claim on a message without a result counts as dead. */
const PATIENCE = 60_000;
/** How often a message is claimed from the dead. */
const CLAIMS = 3;

const Message = z.object({
  owner: z.string(),
  state: z.enum(['telling', 'told', 'given up']),
  /** ISO 8601. */
  at: z.string(),
});

/** A message about a job, and the place of its delivery record. */
export interface MessageContext {
  storage: Storage;
  jobId: string;
  /** Names the message: the same for all who would tell it. */
  message: string;
  signal: AbortSignal;
}

/**
 * Sends a message once, although several processes may want to send it. The process that writes the record
 * first sends the message, and records the result there. A process that dies in between leaves a claim that
 * grows old, and another process follows. The message may then be sent twice; the receiver recognizes it by
 * its name. If the records cannot be written at all, the message is sent anyway.
 *
 * @param tell resolves to whether the message was delivered; never rejects
 * @returns whether there is nothing left to do
 */
export async function tellOnce(
  {storage, jobId, message, signal}: MessageContext,
  tell: () => Promise<boolean>,
): Promise<boolean> {
  const owner = randomUUID();
  const say = (key: string, state: z.infer<typeof Message>['state'], ifAbsent: boolean) =>
    putRecord(key, {owner, state, at: new Date().toISOString()}, {storage, signal, ifAbsent});
  for (let claim = 1; claim <= CLAIMS; claim++) {
    const key = messageKey(jobId, message, claim);
    const read = async () =>
      Message.safeParse(await readRecord(key, {storage, signal}).catch(() => undefined)).data;
    /** The owner of the claim, once there is one. */
    const take = async () => {
      const isTaken = await say(key, 'telling', true).then(() => false, isConflict);
      const there = isTaken ? await read() : undefined;
      // S3 gives the same answer for two writes at the same moment, of which perhaps neither succeeded.
      if (isTaken && !there)
        throw new RenderError('StorageUnavailable', `The owner of the claim "${key}" is not known.`);
      // A write whose answer was lost finds its own record when it is repeated.
      return {there, isOurs: !isTaken || there?.owner === owner};
    };
    const before = await read();
    const {there, isOurs} = before
      ? {there: before, isOurs: false}
      : await persist(take, {signal}).catch(() => ({there: undefined, isOurs: false}));
    if (isOurs) {
      const state = (await tell()) ? 'told' : 'given up';
      await say(key, state, false).catch(() => {});
      return true;
    }
    if (there && there.state !== 'telling') return true;
    if (!there || Date.now() - Date.parse(there.at) < PATIENCE) return false;
  }
  return false;
}
