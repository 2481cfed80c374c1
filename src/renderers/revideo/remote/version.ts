import type {Response} from 'undici';
import {Unreadable} from './unreadable.ts';

/** Distinguishes one version of a file from another, as far as its server allows. */
export interface Version {
  /** Bytes. */
  length: number | undefined;
  etag: string | undefined;
  modified: string | undefined;
}

/** Compares what both answers tell: the length, and the ETag or else the time of the last change. */
export function isSame(one: Version, other: Version): boolean {
  const agree = (name: keyof Version) =>
    one[name] === undefined || other[name] === undefined || one[name] === other[name];
  const haveTags = one.etag !== undefined && other.etag !== undefined;
  return agree('length') && agree(haveTags ? 'etag' : 'modified');
}

/**
 * Reads a file's version from a response.
 *
 * @param start the first byte that was asked for
 * @param whole whether the answer is the whole file
 * @throws `Unreadable` if it is neither that nor the range
 */
export function readVersion({headers}: Response, {start, whole}: {start: number; whole: boolean}): Version {
  const get = (name: string) => headers.get(name) ?? undefined;
  const base = {etag: get('etag'), modified: get('last-modified')};
  if (whole) {
    // A file that is compressed anyway is longer after decoding.
    const length = get('content-encoding') ? undefined : get('content-length');
    return {...base, length: length === undefined ? undefined : Number(length)};
  }
  const [, from, length] = /^bytes (\d+)-\d+\/(\d+)$/.exec(get('content-range') ?? '') ?? [];
  if (Number(from) !== start) {
    throw new Unreadable(`its server answers a request for a range with "${get('content-range') ?? 'none'}"`);
  }
  return {...base, length: Number(length)};
}
