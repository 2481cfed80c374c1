import {buffer} from 'node:stream/consumers';
import {RenderError} from '../../base/errors.ts';
import {probeKey} from '../../model/keys.ts';
import {isConflict} from '../../storage/json.ts';
import {listAll} from '../../storage/list-all.ts';
import type {Storage} from '../../storage/storage.ts';
import {type Check, tryOut} from './check.ts';

/** Everything that is kept is below one of these. */
const FOLDERS = ['renders', 'chunks', 'jobs'] as const;

interface StorageCheck {
  storage: Storage;
  /** Names what is written for a try, and removed. */
  id: string;
  signal: AbortSignal;
}

/** Whether the storage takes, gives, lists and deletes in every folder, and does so only once where it is asked to. */
export const storageChecks = (options: StorageCheck): Promise<Check[]> =>
  Promise.all([...FOLDERS.map((folder) => folderCheck(folder, options)), addressCheck(options)]);

/** The steps in one folder, and the right that each needs; whatever fails names its own. */
function folderCheck(folder: (typeof FOLDERS)[number], {storage, id, signal}: StorageCheck): Promise<Check> {
  const key = probeKey(folder, id);
  const where = `${storage.bucket}/${folder}/*`;
  let right = 's3:PutObject';
  const work = async () => {
    await storage.put(key, id, {signal, ifAbsent: true});
    const again = await storage.put(key, 'other', {signal, ifAbsent: true}).catch((error: unknown) => error);
    if (!isConflict(again)) throw again ?? notConditional(storage);
    right = 's3:GetObject';
    const {bytes} = (await storage.head(key, {signal})) ?? {};
    const read = (await buffer(await storage.get(key, {signal}))).toString();
    if (bytes !== id.length || read !== id) throw garbled(key, storage);
    right = `s3:ListBucket (on ${storage.bucket} itself)`;
    if ((await listAll(key, {storage, signal})).length !== 1) throw garbled(key, storage);
    right = 's3:DeleteObject';
    await storage.delete([key], {signal});
    if (await storage.head(key, {signal})) throw garbled(key, storage);
  };
  return tryOut({
    name: `${folder}/`,
    mend: ({name}) =>
      name === 'StorageRefused' ? `Allow the function's role ${right} on ${where}.` : OTHERWISE,
    work: async () => {
      try {
        await work();
        return where;
      } catch (error) {
        // Whichever step failed, nothing stays.
        await storage.delete([key]).catch(() => {});
        throw error;
      }
    },
  });
}

/** Advice if no permission is missing. */
const OTHERWISE =
  'See that REVIDEO_BUCKET_NAME names a bucket of yours in the region of the function, and that it is S3 or keeps to its rules.';

/** Whether what is stored can be fetched by its address, as callers do. */
async function addressCheck({storage, id, signal}: StorageCheck): Promise<Check> {
  const key = probeKey('renders', `${id}-address`);
  return tryOut({
    name: 'result address',
    mend: "Allow the function's role s3:GetObject, and see that the function reaches S3 by its public address.",
    work: async () => {
      try {
        await storage.put(key, id, {signal});
        const url = await storage.url(key, {signal});
        if (url.startsWith('file:')) return 'a file of this machine';
        const answer = await fetch(url, {signal});
        if (!answer.ok || (await answer.text()) !== id)
          throw new RenderError('StorageRefused', `A presigned address was answered with ${answer.status}.`);
        return `presigned, of ${new URL(url).host}`;
      } finally {
        await storage.delete([key]).catch(() => {});
      }
    },
  });
}

const notConditional = ({bucket}: Storage): RenderError =>
  new RenderError(
    'StorageGarbled',
    `${bucket} ignores If-None-Match and overwrote an existing object. Without that condition, two invocations may render one job. S3 itself supports it.`,
  );

const garbled = (key: string, {bucket}: Storage): RenderError =>
  new RenderError('StorageGarbled', `${bucket} does not show the last change of "${key}".`);
