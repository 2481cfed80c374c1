import {ENCODINGS} from '../../model/quality.ts';
import {openMergingJoiner} from '../join/merging-joiner.ts';
import {verifyFilm} from '../verify-film.ts';
import type {MuxSettings, OutputFormat} from './output-format.ts';

const MP4: MuxSettings = {
  extension: 'mp4',
  chunkExtension: 'h264',
  chunkDemuxer: 'h264',
  audioArguments: ['-c:a', 'aac', '-b:a', '192k', '-ar', '48000', '-ac', '2'],
  containerArguments: ['-movflags', '+faststart', '-f', 'mp4'],
};

/** H.264 and AAC-LC, 48 kHz stereo at 192 kbit/s, in an MP4 whose index comes first, so that it plays while it loads. */
export const mp4: OutputFormat = {
  ...MP4,
  name: 'mp4',
  kind: 'video',
  mimeType: 'video/mp4',
  encodings: (quality) => [ENCODINGS[quality]],
  open: (target) => openMergingJoiner(target, MP4),
  verify: (path, plan) => verifyFilm({path, ...plan}),
};

/** Endings of other kinds of film, sound and picture: a file that is called so and is an MP4 is one that programs refuse. */
const OTHERS =
  /\.(3gp|aac|apng|avi|avif|flac|flv|gif|jpe?g|json|m4a|m4v|mkv|mov|mp3|mpe?g|mpg|mts|mxf|ogg|ogv|opus|png|qt|tar|ts|wav|webm|webp|wmv|zip)$/i;

/** The ending of a path, with its dot, that names another kind of file than an MP4; undefined if it has none of those. */
export const otherEnding = (path: string): string | undefined => OTHERS.exec(path)?.[0];
