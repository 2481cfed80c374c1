import {byKey} from './key-order.ts';
import type {ListedObject, ListOptions, Storage} from './storage.ts';

/**
 * Every object whose key starts with `prefix`, as an array: for prefixes with few of them. It is in order of keys also
 * where a server lists in none, as directory buckets do. Rejects as `list` does.
 */
export async function listAll(
  prefix: string,
  {storage, ...options}: ListOptions & {storage: Storage},
): Promise<ListedObject[]> {
  const found: ListedObject[] = [];
  for await (const object of storage.list(prefix, options)) found.push(object);
  return found.sort((a, b) => byKey(a.key, b.key));
}
