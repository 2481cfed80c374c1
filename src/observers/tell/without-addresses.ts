import type {FullResult} from '../../model/result.ts';

/**
 * Removes the presigned addresses of the film and its pictures from a result. Not every receiver of a notice
 * or reader of the log may read the film.
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
