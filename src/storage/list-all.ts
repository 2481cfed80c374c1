import type {AskOptions, ListedObject, Storage} from './storage.ts';

/** Every object whose key starts with `prefix`, in order of keys: for prefixes with few of them. Rejects as `list` does. */
export async function listAll(
  prefix: string,
  {storage, ...options}: AskOptions & {storage: Storage},
): Promise<ListedObject[]> {
  return await storage.list(prefix, options);
}
