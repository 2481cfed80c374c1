import {writeFile} from 'node:fs/promises';
import {isPlaylist, shownAddress} from '../../base/address.ts';
import {RenderError} from '../../base/errors.ts';

/** The source, and the place for its content. */
export interface LocateRequest {
  src: string;
  /** Says where the film's renderer has it: a path, or an address of its own server. */
  locate: (src: string) => Promise<string>;
  /** Where to write what an address holds itself. */
  path: string;
}

/**
 * ffmpeg's input for a source. A `data:` address becomes a file: it may be longer than a command line takes.
 * Rejects with `MediaFailed` if the source is neither http, https, `data:` nor a file of the project, and
 * with the error of `locate`.
 */
export async function locateSource({src, locate, path}: LocateRequest): Promise<string> {
  const fail = (reason: string, cause?: unknown) =>
    new RenderError('MediaFailed', `The sound of ${shownAddress(src)} cannot be read: ${reason}.`, {cause});
  if (/^data:/i.test(src)) {
    // Node's own reader of such addresses.
    const answer = await fetch(src).catch((cause: unknown) => {
      throw fail('it is not a data: address', cause);
    });
    await writeFile(path, await answer.bytes());
    return path;
  }
  const [, scheme] = /^([a-z][a-z\d+.-]*):/i.exec(src) ?? [];
  if (scheme && !/^https?$/i.test(scheme)) {
    throw fail('media have http:, https: or data: addresses, or are files of the public folder');
  }
  if (URL.canParse(src, 'http://public/') && isPlaylist(new URL(src, 'http://public/'))) {
    throw fail('it is a playlist, which names other files; name a file that holds the sound itself');
  }
  return locate(src);
}
