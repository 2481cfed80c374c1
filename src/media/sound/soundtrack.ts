import {availableParallelism} from 'node:os';
import {join} from 'node:path';
import pLimit, {type LimitFunction} from 'p-limit';
import {shownAddress} from '../../base/address.ts';
import {together} from '../../base/together.ts';
import type {SoundRun} from '../../model/timeline.ts';
import {findFfmpeg} from '../ffmpeg.ts';
import {cuttingGraph} from './graph.ts';
import {locateSource} from './locate-source.ts';
import {type DecodedStretch, mixStretches} from './mix.ts';
import {inputArguments, probeSource, readSource} from './source.ts';
import {joinRuns, type Stretch, sampleAt} from './stretches.ts';

/** The film's sounds, and how to reach their sources. */
export interface SoundtrackRequest {
  sounds: readonly SoundRun[];
  /** Frames of the film. */
  frames: number;
  /** Frames a second. */
  fps: number;
  /**
   * Gives ffmpeg's input for an address of the project. It is a path, the address itself, or an http address
   * of our server, which gives the reason as text if it could not continue.
   */
  locate: (src: string) => Promise<string>;
  /** For the result and for what comes before it: 384 kB for each second of each stretch of sound. */
  directory: string;
  signal: AbortSignal;
  /** The program; searched if left out. */
  ffmpeg?: string;
}

/** The film's sound. */
export interface Soundtrack {
  path: string;
  /** The film has no source with sound. */
  silent: boolean;
}

/** Stretches cut out of one source by one ffmpeg: few enough for its command line and for its open files. */
const CUTS_AT_A_TIME = 50;
/** The sample format of `DecodedStretch`. */
const RAW = ['-c:a', 'pcm_f32le', '-f', 'f32le'];

/**
 * Makes the whole film's sound at once: a wav, 48 kHz, stereo, 16 bits, exactly `round(frames * 48000 / fps)` samples
 * long; silent where nothing sounds. A source without sound contributes nothing.
 *
 * ffmpeg decodes, resamples, cuts and changes speed, source by source; the adding up is done here, on sample numbers.
 *
 * Rejects with `MediaFailed` for a source that cannot be read (its address and ffmpeg's last line),
 * `ToolMissing`, `BadSetting`, `Aborted`, or the error of `locate`.
 *
 * @returns the wav in `directory`, and whether it is silent
 */
export async function makeSoundtrack(request: SoundtrackRequest): Promise<Soundtrack> {
  const {sounds, frames, fps, directory, signal} = request;
  const path = join(directory, 'soundtrack.wav');
  const bySource = Map.groupBy(joinRuns(sounds, {frames, fps}), ({src}) => src);
  const ffmpeg = bySource.size > 0 ? (request.ffmpeg ?? (await findFfmpeg())) : '';
  const limit = pLimit(availableParallelism());
  const decoded = await together<DecodedStretch[][]>(signal, (stop) =>
    [...bySource].map(async ([src, stretches], index) => {
      const prefix = join(directory, `sound-${index}`);
      return decodeSource({...request, src, stretches, prefix, ffmpeg, signal: stop, limit});
    }),
  );
  const audible = decoded.flat();
  await mixStretches({decoded: audible, length: sampleAt(frames, fps), path, signal});
  return {path, silent: audible.length === 0};
}

interface SourceRequest extends Pick<SoundtrackRequest, 'locate' | 'signal'> {
  src: string;
  stretches: Stretch[];
  /** How the paths of the decoded stretches begin. */
  prefix: string;
  ffmpeg: string;
  limit: LimitFunction;
}

async function decodeSource(request: SourceRequest): Promise<DecodedStretch[]> {
  const {src, stretches, prefix, locate, limit, signal} = request;
  const location = await locateSource({src, locate, path: `${prefix}.data`});
  const input = inputArguments({src, location});
  const kind = await limit(() => probeSource(input, {...request, location}));
  if (!kind) return [];
  const clock = kind.ownClock ? ['-copyts'] : [];
  // Neighbours in the source together: a batch is read only as far as its last cut.
  const sorted = stretches.toSorted((a, b) => a.mediaTime - b.mediaTime);
  const decoded = sorted.map((stretch, index) => ({stretch, path: `${prefix}-${index}.f32`}));
  const batches = Array.from({length: Math.ceil(decoded.length / CUTS_AT_A_TIME)}, (_, index) =>
    decoded.slice(index * CUTS_AT_A_TIME, (index + 1) * CUTS_AT_A_TIME),
  );
  await together(signal, (stop) =>
    batches.map((batch) => {
      const cuts = batch.map(({stretch}) => stretch);
      const outputs = batch.flatMap(({path}, index) => ['-map', `[out${index}]`, ...RAW, path]);
      const graph = ['-filter_complex', cuttingGraph(cuts, kind)];
      const what = `decoding the sound of ${shownAddress(src)}`;
      const run = {...request, location, signal: stop, what};
      return limit(() => readSource([...clock, '-vn', '-sn', '-dn', ...input, ...graph, ...outputs], run));
    }),
  );
  return decoded;
}
