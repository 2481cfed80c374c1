/**
 * A format of finished films, and ffmpeg's arguments that make it. A new format is one more object of this
 * kind.
 */
export interface OutputFormat {
  /** As events and the command line call it. */
  readonly name: string;
  /** Extension of the finished file, without a dot. */
  readonly extension: string;
  /** The content type for storage and browsers. */
  readonly mimeType: string;
  /**
   * Extension of a chunk's file, without a dot. The file is an elementary stream that `merge.ts` can join
   * byte by byte.
   */
  readonly chunkExtension: string;
  /** ffmpeg's name of the demuxer that reads such a stream. */
  readonly chunkDemuxer: string;
  /** ffmpeg's arguments for the sound. */
  readonly audioArguments: readonly string[];
  /** ffmpeg's arguments for the container. */
  readonly containerArguments: readonly string[];
}

/** H.264 and AAC-LC, 48 kHz stereo at 192 kbit/s, in an MP4 whose index comes first, so that it plays while it loads. */
export const mp4: OutputFormat = {
  name: 'mp4',
  extension: 'mp4',
  mimeType: 'video/mp4',
  chunkExtension: 'h264',
  chunkDemuxer: 'h264',
  audioArguments: ['-c:a', 'aac', '-b:a', '192k', '-ar', '48000', '-ac', '2'],
  containerArguments: ['-movflags', '+faststart', '-f', 'mp4'],
};

/** Endings of other kinds of film, sound and picture: a file that is called so and is an MP4 is one that programs refuse. */
const OTHERS =
  /\.(3gp|aac|apng|avi|avif|flac|flv|gif|jpe?g|json|m4a|m4v|mkv|mov|mp3|mpe?g|mpg|mts|mxf|ogg|ogv|opus|png|qt|tar|ts|wav|webm|webp|wmv|zip)$/i;

/** The ending of a path, with its dot, that names another kind of file than an MP4; undefined if it has none of those. */
export const otherEnding = (path: string): string | undefined => OTHERS.exec(path)?.[0];
