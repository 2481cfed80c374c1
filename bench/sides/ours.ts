import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {localHandler} from '../../src/apps/cli/local.ts';
import type {FullResult} from '../../src/model/result.ts';

/** Ours: the real handler, chunks in two processes of this machine, everything started from scratch. */
const [, project = '', work = '', workers = '', hashed = ''] = process.argv.slice(2);
const frameHashes = hashed === 'hashed';
const {handler, close} = await localHandler({project, out: work, concurrency: 2});
try {
  const event = {jobType: 'fullRender', jobId: 'bench', numWorkers: Number(workers), frameHashes};
  const {key, hashesKey, frames} = (await handler(event)) as FullResult;
  const hashes = hashesKey && (JSON.parse(await readFile(join(work, hashesKey), 'utf8')) as string[]);
  console.log(JSON.stringify({film: join(work, key), frames, ...(hashes && {hashes})}));
} finally {
  await close();
}
