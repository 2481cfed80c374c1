import {join} from 'node:path';
import {findFfmpeg, runFfmpeg} from '../../src/media/ffmpeg.ts';
import type {SegmentFile} from '../../src/model/segment-file.ts';
import {segmentRanges} from '../../src/model/segments.ts';
import type {RenderOptions, SegmentOrder} from '../../src/renderers/renderer.ts';

/** Frames `[start, end)` of ffmpeg's test picture, 160 x 90, drawn at once and cut into segments. */
export async function pictureSegments(
  {start, end, segments = [end - start]}: Pick<SegmentOrder, 'start' | 'end' | 'segments'>,
  {directory, signal}: RenderOptions,
): Promise<SegmentFile[]> {
  const ranges = segmentRanges(segments, start);
  const cuts = ranges.slice(1).map((range) => range.start - start);
  const input = ['-f', 'lavfi', '-i', 'testsrc2=size=160x90:rate=30'];
  const range = ['-vf', `trim=start_frame=${start}:end_frame=${end},setpts=PTS-STARTPTS`];
  // Each frame is a keyframe, so that a segment can begin with any.
  const encoder = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '1', '-pix_fmt', 'yuv420p'];
  // ffmpeg's segment muxer leaves the parameter sets out otherwise.
  const headers = ['-x264-params', 'repeat-headers=1'];
  const where = ['-segment_format', 'h264', '-segment_frames', cuts.join(',')];
  const into =
    cuts.length > 0
      ? ['-f', 'segment', ...where, join(directory, `${start}-%d.h264`)]
      : ['-f', 'h264', join(directory, `${start}-0.h264`)];
  const args = [...input, ...range, ...encoder, ...headers, ...into];
  await runFfmpeg(args, {ffmpeg: await findFfmpeg(), signal, what: 'drawing'});
  return ranges.map(({start: first, end: last}, index) => ({
    ...{start: first, end: last, frames: last - first},
    path: join(directory, `${start}-${index}.h264`),
  }));
}
