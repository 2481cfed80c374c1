import type {FullResult} from '../../model/result.ts';

/**
 * A result without presigned addresses, the film's and those of its pictures: whoever hears of a job, or reads its log, may
 * not be who may read the film.
 */
export function withoutAddresses({
  resultUrl: _,
  poster,
  thumbnails,
  ...result
}: FullResult): Omit<FullResult, 'resultUrl'> {
  return {
    ...result,
    ...(poster && {poster: bare(poster)}),
    ...(thumbnails && {thumbnails: bare(thumbnails)}),
  };
}

const bare = <T extends {url?: unknown}>({url: _, ...rest}: T): Omit<T, 'url'> => rest;
