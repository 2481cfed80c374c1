import {mkdtemp} from 'node:fs/promises';
import {Border} from '../../src/base/network/border.ts';
import {makeSoundtrack} from '../../src/media/sound/soundtrack.ts';
import type {SoundRun} from '../../src/model/timeline.ts';
import {serveMedia} from '../../src/renderers/revideo/media-server.ts';
import {LOOPBACK} from './loopback.ts';
import type {mediaDirectory} from './media.ts';

/** A run of three seconds at 30 frames a second from the source's start on, with the given differences. */
export const run = (src: string, differently: Partial<SoundRun> = {}): SoundRun => ({
  ...{src, startFrame: 0, frames: 90, mediaTime: 0, playbackRate: 1, volume: 1},
  ...differently,
});

/** Makes sound tracks of sources in a test's directory, which are named `/name` as a project names its own; a renderer's server reads the others. */
export function studio(media: ReturnType<typeof mediaDirectory>) {
  return async (
    sounds: SoundRun[],
    {
      mediaTimeout,
      ...film
    }: {frames?: number; fps?: number; signal?: AbortSignal; mediaTimeout?: number} = {},
  ): Promise<string> => {
    const directory = await mkdtemp(media.path('track-'));
    const server = await serveMedia(
      {folder: directory, publicFolder: directory, hash: ''},
      {timeoutSeconds: mediaTimeout, border: new Border({privateHosts: LOOPBACK})},
    );
    const locate = async (src: string) =>
      src.startsWith('/') ? media.path(src.slice(1)) : server.locate(src);
    const signal = AbortSignal.timeout(60_000);
    try {
      return (await makeSoundtrack({sounds, frames: 90, fps: 30, directory, locate, signal, ...film})).path;
    } finally {
      await server.close();
    }
  };
}
