import type {ChunkFile, SeenMedia} from '../../model/segment-file.ts';

/** A chunk, and whether it was there before this run. */
export type OriginOfChunk = Pick<ChunkFile, 'media'> & {found: boolean};

/** Media that were replaced between one chunk and another. */
export interface ChangedMedia {
  /** Indices of the chunks to render again. */
  chunks: number[];
  /** Their addresses, as a message may show them. */
  names: string[];
}

/**
 * Finds chunks that show different versions of a file of another server, or that could not read it while others could. Chunks
 * from before this run show an older version, so these are rendered again. If the
 * chunks of this run differ, or there are none, all are.
 */
export function findChangedMedia(chunks: readonly OriginOfChunk[]): ChangedMedia {
  const seen = chunks.flatMap(({media = [], found}, index) => media.map((file) => ({file, found, index})));
  const changed = [...Map.groupBy(seen, ({file}) => file.id).values()].flatMap((all) => {
    const alike = (some: typeof all) =>
      some.every(({file}) => isLike(file, (some[0] as (typeof all)[0]).file));
    if (alike(all)) return [];
    const ours = all.filter(({found}) => !found);
    return ours.length > 0 && alike(ours) ? all.filter(({found}) => found) : all;
  });
  return {
    chunks: [...new Set(changed.map(({index}) => index))].toSorted((a, b) => a - b),
    names: [...new Set(changed.map(({file}) => file.name))],
  };
}

/** Servers of one name may disagree about an ETag; about length and time of the last change they do not. */
function isLike(one: SeenMedia, other: SeenMedia): boolean {
  const agree = (name: 'length' | 'modified' | 'etag') =>
    one[name] === undefined || other[name] === undefined || one[name] === other[name];
  if (Boolean(one.missing) !== Boolean(other.missing)) return false;
  const haveTimes = one.modified !== undefined && other.modified !== undefined;
  return agree('length') && agree(haveTimes ? 'modified' : 'etag');
}
