import {progressKey} from '../../model/keys.ts';
import {Progress, ProgressFile} from '../../model/progress.ts';
import {readRecord} from '../../storage/record.ts';
import {differences} from './identity.ts';
import {type Identity, type JobRecords, type RunState, readRun, readRunRecord, toBeat} from './records.ts';

/**
 * The progress of the run that this request continues: the latest of its outcome, its last heartbeat and the progress file.
 * A run that died before its first heartbeat left none of these: then it is the progress with which that run began.
 * Undefined where it continues none.
 */
export async function progressBefore(
  last: RunState | undefined,
  identity: Identity,
  place: JobRecords,
): Promise<Progress | undefined> {
  const {outcome} = last ?? {};
  if (!last || !outcome || outcome.state === 'finished' || outcome.state === 'cancelled') return undefined;
  if (outcome.state === 'failed' && differences(identity, last).length > 0) return undefined;
  const {storage, jobId, signal} = place;
  const file = ProgressFile.safeParse(await readRecord(progressKey(jobId), {storage, signal})).data;
  const beat = toBeat(await readRunRecord(place, {number: last.number, record: 'beat'}))?.progress;
  const known = [
    'progress' in outcome ? outcome.progress : undefined,
    beat,
    // Parsed once more, to leave out the fields of the file alone.
    file?.run === last.number ? Progress.parse(file) : undefined,
  ];
  const latest = known.reduce((one, other) => {
    if (!one || !other) return one ?? other;
    return other.elapsedSeconds > one.elapsedSeconds ? other : one;
  });
  if (latest) return latest;
  // A record that cannot be read costs these numbers, not the job.
  const earlier = await readRun(place, last.number - 1).catch(() => undefined);
  return progressBefore(earlier, last.claim.identity ?? {}, place);
}
