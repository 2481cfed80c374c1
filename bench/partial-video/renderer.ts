import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {dirname, join, relative} from 'node:path';
import {fileURLToPath} from 'node:url';
import {ALL_FORMATS, FilePathSource, Input} from 'mediabunny';
import pLimit from 'p-limit';
import {RenderError} from '../../src/base/errors.ts';
import {MAX_MEDIA_MB, MEDIA_TIMEOUT} from '../../src/base/media-limits.ts';
import {Border} from '../../src/base/network/border.ts';
import {startProxy} from '../../src/base/network/proxy.ts';
import {findFfmpeg, runFfmpeg} from '../../src/media/ffmpeg.ts';
import type {SegmentFile} from '../../src/model/segment-file.ts';
import {segmentRanges} from '../../src/model/segments.ts';
import type {Renderer, SegmentOrder} from '../../src/renderers/renderer.ts';
import {findBrowser} from '../../src/renderers/revideo/browser.ts';
import {findProject} from '../../src/renderers/revideo/project.ts';
import {type RevideoOptions, revideoRenderer} from '../../src/renderers/revideo/renderer.ts';
import type {ChildJob} from './child.ts';
import {runChild} from './process.ts';

const PAGE = fileURLToPath(new URL('./page.ts', import.meta.url));
/** The files of our own page that it imports. */
const OUR_PAGE = fileURLToPath(new URL('../../src/renderers/revideo/page', import.meta.url));

/**
 * Draws chunks by Revideo's own `renderPartialVideo`, each call in a process of its own. Everything else is
 * `revideoRenderer`'s. Slower, without frame hashes, and without the checks of `public/`: for comparisons only, with projects
 * and variables that you trust.
 *
 * @param stallSeconds without a drawn frame after which a chunk counts as hung
 * @param viteCache folder for the packages that Vite prepares; it belongs to the caller. Only one renderer at a time
 * may use it. Left out, each renderer has its own, and removes it.
 */
export function partialVideoRenderer({
  stallSeconds = 120,
  viteCache: keptCache,
  ...options
}: RevideoOptions & {stallSeconds?: number; viteCache?: string}): Renderer {
  const ours = revideoRenderer(options);
  const border = new Border(options);
  const maxBytes = (options.maxMediaMb ?? MAX_MEDIA_MB) * 1e6;
  // Two that prepare Vite's packages at once take each other's files away.
  const oneByOne = pLimit(1);
  let ownCache: Promise<string> | undefined;
  const findViteCache = async () => {
    if (keptCache) return keptCache;
    ownCache ??= mkdtemp(join(tmpdir(), 'revideo-lambda-vite-'));
    return ownCache;
  };

  const drawSegments = async (
    {start, end, segments = [end - start], variables, frameHashes, encoding}: SegmentOrder,
    {directory, signal, onFrames}: Parameters<Renderer['render']>[1],
  ): Promise<SegmentFile[]> => {
    signal.throwIfAborted();
    if (frameHashes) {
      throw new RenderError('BadSetting', 'renderPartialVideo hashes no frames: leave out frameHashes.');
    }
    if (encoding && encoding.backend !== 'browser') {
      throw new RenderError('BadSetting', 'For renderPartialVideo, quality must be "cheapest".');
    }
    const project = await findProject(options.project);
    const viteCache = await findViteCache();
    const ffmpeg = await findFfmpeg();
    await using proxy = await startProxy({border, maxBytes});
    const job: ChildJob = {
      chunk: {start, end},
      variables,
      mediaTimeout: options.mediaTimeout ?? MEDIA_TIMEOUT,
      file: `./${relative(project.folder, project.file)}`,
      aliases: {
        '@revideo/renderer/lib/client/render': PAGE,
        // Where Vite looks for a project's imports, it does not know Revideo's JSX yet.
        'react/jsx-dev-runtime': '@revideo/2d/lib/jsx-dev-runtime',
        ...project.packages,
      },
      readable: [project.folder, viteCache, dirname(PAGE), OUR_PAGE, ...Object.values(project.packages)],
      viteCache,
      outDir: join(directory, 'output'),
      browser: await findBrowser(options.cache),
      proxy: proxy.address,
      ffmpeg,
    };
    const frames = end - start;
    const onProgress = (progress: number) => onFrames?.(1 + Math.round(progress * (frames - 1)));
    const childOptions = {cwd: project.folder, directory, signal, proxy, stallSeconds, onProgress};
    const video = await runChild(job, childOptions);
    await expectFrames(video, Math.max(2, frames));
    return cutSegments(video, {ranges: segmentRanges(segments, start), directory, ffmpeg, signal});
  };

  return {
    ...ours,

    async fingerprint(request) {
      return `${await ours.fingerprint(request)}-partial-video`;
    },

    async *render(order, options) {
      yield* await oneByOne(() => drawSegments(order, options));
    },

    async close() {
      await ours.close();
      if (ownCache) await rm(await ownCache, {recursive: true, force: true, maxRetries: 5});
      ownCache = undefined;
    },
  };
}

async function expectFrames(video: string, expected: number): Promise<void> {
  using input = new Input({source: new FilePathSource(video), formats: ALL_FORMATS});
  const track = await input.getPrimaryVideoTrack();
  const {packetCount = 0} = (await track?.computePacketStats()) ?? {};
  if (packetCount === expected) return;
  throw new RenderError('ChunkMismatch', `renderPartialVideo drew ${packetCount} frames, not ${expected}.`);
}

/**
 * Cuts a video into segments. Revideo's encoder puts its keyframes elsewhere, so the picture is encoded again, in a quality at
 * which that does not show.
 */
async function cutSegments(
  video: string,
  {
    ranges,
    directory,
    ffmpeg,
    signal,
  }: {ranges: Range[]; directory: string; ffmpeg: string; signal: AbortSignal},
): Promise<SegmentFile[]> {
  const first = ranges[0]?.start ?? 0;
  const starts = ranges.slice(1).map(({start}) => start - first);
  const frames = (ranges.at(-1)?.end ?? first) - first;
  const isStart = ['n,0', ...starts.map((start) => `n,${start}`)].map((equal) => `eq(${equal})`).join('+');
  const encoder = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '12', '-bf', '0'];
  const keyframes = [
    '-x264-params',
    'keyint=infinite:scenecut=0:repeat-headers=1',
    '-force_key_frames',
    `expr:${isStart}`,
  ];
  const cuts = ['-segment_format', 'h264', '-segment_frames', starts.join(',')];
  const into =
    starts.length > 0
      ? ['-f', 'segment', ...cuts, join(directory, `${first}-%d.h264`)]
      : ['-f', 'h264', join(directory, `${first}-0.h264`)];
  const args = [
    '-i',
    `file:${video}`,
    '-map',
    '0:v:0',
    '-frames:v',
    String(frames),
    ...encoder,
    ...keyframes,
    ...into,
  ];
  await runFfmpeg(args, {ffmpeg, what: 'cutting the picture into segments', signal});
  return ranges.map(({start, end}, index) => ({
    ...{start, end, frames: end - start},
    path: join(directory, `${first}-${index}.h264`),
  }));
}

type Range = ReturnType<typeof segmentRanges>[number];
