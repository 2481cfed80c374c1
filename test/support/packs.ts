import {buffer} from 'node:stream/consumers';
import type {PackIndex} from '../../src/job/chunks/pack.ts';
import type {Storage} from '../../src/storage/storage.ts';

/** Reads the index of a stored pack. */
export async function readIndex(storage: Storage, key: string): Promise<PackIndex> {
  return split(await buffer(await storage.get(key))).index;
}

/** Stores a pack again with another index, and the same bytes behind it. */
export async function changeIndex(
  storage: Storage,
  {key, change}: {key: string; change: (index: PackIndex) => unknown},
): Promise<void> {
  const {index, rest} = split(await buffer(await storage.get(key)));
  await storage.put(key, Buffer.concat([Buffer.from(`${JSON.stringify(change(index))}\n`), rest]));
}

function split(pack: Buffer): {index: PackIndex; rest: Buffer} {
  const end = pack.indexOf('\n');
  return {index: JSON.parse(pack.subarray(0, end).toString()), rest: pack.subarray(end + 1)};
}
