import {ALL_FORMATS, CustomSource, Input, type Source, UrlSource} from 'mediabunny';
import {isRerouted, readRemote} from './remote.ts';

function sourceOf(url: string): Source {
  // A clip that cannot be read is an error at once, not a silent wait.
  if (!isRerouted(url)) return new UrlSource(url, {getRetryDelay: () => null});
  // Requests only the bytes that it needs, because each byte comes from far away.
  return new CustomSource({
    getSize: async () => (await readRemote(url, [0, 1])).length,
    read: async (start, end) => (await readRemote(url, [start, end])).bytes,
    prefetchProfile: 'fileSystem',
  });
}

/** Opens a medium by the address that the project names. Nothing is read yet; the caller disposes of it. */
export const openInput = (url: string): Input => new Input({source: sourceOf(url), formats: ALL_FORMATS});
