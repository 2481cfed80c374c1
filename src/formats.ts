/** What a finished file is, and how ffmpeg is told to make it. A new format is one more object of this kind. */
export interface OutputFormat {
  /** As events and the command line call it. */
  readonly name: string;
  /** Of the finished file, without a dot. */
  readonly extension: string;
  /** What storage and browsers are told. */
  readonly mimeType: string;
  /** Of a chunk's file, without a dot: an elementary stream that `merge.ts` can join byte by byte. */
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
