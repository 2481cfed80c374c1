import {type Input, type VideoSample, VideoSampleSink} from 'mediabunny';
import {checkMedium} from './check-medium.ts';
import {ClipPicture} from './clip-picture.ts';
import {openInput} from './open-input.ts';
import {MediaFailure} from './remote.ts';
import {whyUnplayable} from './unplayable.ts';
import {type Pose, Upright} from './upright.ts';

/**
 * Stands in for `@revideo/2d/lib/utils/video/mp4-parser-manager`, from which `<Video>` takes its pictures.
 * Revideo's own gives another source frame near a chunk's start. This one gives, from any start, the source frame
 * that is on for the most part of the film's frame, as a player does.
 */
const clips = new Map<string, Promise<Clip>>();

/**
 * The picture of a clip at `time`, in seconds. It stays valid until the node asks for another one.
 *
 * @param fps frames of the film in a second of the clip
 */
export async function getFrame(
  ...[id, url, time, fps]: [id: string, url: string, time: number, fps: number]
): Promise<CanvasImageSource> {
  const key = `${url}-${id}`;
  const opening = clips.get(key) ?? Clip.open(url);
  clips.set(key, opening);
  return (await opening).pictureAt({time, step: 1 / fps});
}

/** Closes a node's clip. */
export async function dropExtractor(id: string, url: string): Promise<void> {
  const key = `${url}-${id}`;
  const opening = clips.get(key);
  clips.delete(key);
  await (await opening)?.close();
}

/** How far ahead it is cheaper to decode on than to start at the keyframe before the wanted time, in seconds. */
const READ_ON = 2;

/** Seconds that are left of divisions: where two frames are as near, it is the earlier one. */
const NOISE = 1e-6;

/** Seconds before the end of a clip's edits at which its last picture is on; ends are rounded to milliseconds, mostly. */
const LAST = 0.002;

/**
 * The part of the clip that one frame of the film covers: from `time` on, for `step`, in seconds of the clip.
 */
interface Moment {
  time: number;
  step: number;
}

/** The frame that is playing, and the one after it unless it is the last. */
interface Position {
  current: VideoSample;
  next: VideoSample | undefined;
}

class Clip {
  readonly #input: Input;
  readonly #sink: VideoSampleSink;
  #at: Position | undefined;
  #samples: AsyncGenerator<VideoSample, void, unknown> | undefined;
  readonly #picture = new ClipPicture();
  readonly #upright: Upright;
  #shown: {sample: VideoSample; image: CanvasImageSource} | undefined;

  /** Seconds at which its pictures end by its edits, though it may have more. */
  readonly #end: number;

  private constructor(input: Input, sink: VideoSampleSink, {pose, end}: {pose: Pose; end: number}) {
    this.#input = input;
    this.#sink = sink;
    this.#upright = new Upright(pose);
    this.#end = end;
  }

  static async open(url: string): Promise<Clip> {
    const {picture: end = Number.POSITIVE_INFINITY} = await checkMedium(url);
    const input = openInput(url);
    const track = await input.getPrimaryVideoTrack();
    if (!track) throw new MediaFailure(url, 'it has no picture');
    if (!(await track.canDecode()))
      throw new MediaFailure(url, (await whyUnplayable(url)) ?? 'this browser cannot decode its picture');
    const pose = {rotation: await track.getRotation(), flip: await track.getFlip()};
    return new Clip(input, new VideoSampleSink(track), {pose, end});
  }

  async pictureAt(moment: Moment): Promise<CanvasImageSource> {
    const sample = await this.#sampleAt(moment);
    if (this.#shown?.sample !== sample) {
      this.#letGo();
      const frame = sample.toVideoFrame();
      const {displayWidth: width, displayHeight: height} = frame;
      const stored = await this.#picture.show(frame);
      const image = this.#upright.show(stored, {width, height});
      if (image !== frame) frame.close();
      this.#shown = {sample, image};
    }
    return this.#shown.image;
  }

  /**
   * The frame that is on in the middle of the moment. If the clip has more frames than the film, it is the
   * frame nearest to the moment's start: a clip begins with its first frame.
   */
  async #sampleAt({time, step}: Moment): Promise<VideoSample> {
    const at = this.#at;
    const goesOn = at && time >= at.current.timestamp && (!at.next || time <= at.next.timestamp + READ_ON);
    let {current, next} = goesOn ? at : await this.#restart(time);
    while (next && next.timestamp <= time) {
      current.close();
      current = next;
      next = await this.#read();
      this.#at = {current, next};
    }
    if (!next) return current;
    const half = Math.min(step, next.timestamp - current.timestamp) / 2;
    return next.timestamp - time < half - NOISE ? next : current;
  }

  /** Starts with the last frame at or before `time`; with the first one, if `time` is before it. */
  async #restart(time: number): Promise<Position> {
    await this.#stop();
    this.#samples = this.#sink.samples(Math.min(time, this.#end - LAST));
    const current = await this.#read();
    if (!current) throw new Error('The clip has no frames.');
    this.#at = {current, next: await this.#read()};
    return this.#at;
  }

  async #read(): Promise<VideoSample | undefined> {
    const read = await this.#samples?.next();
    if (!read || read.done) return undefined;
    if (read.value.timestamp < this.#end - LAST / 2) return read.value;
    read.value.close();
    return undefined;
  }

  async #stop(): Promise<void> {
    await this.#samples?.return();
    this.#at?.current.close();
    this.#at?.next?.close();
    this.#at = undefined;
  }

  #letGo(): void {
    if (this.#shown?.image instanceof VideoFrame) this.#shown.image.close();
    this.#shown = undefined;
  }

  async close(): Promise<void> {
    this.#letGo();
    await this.#stop();
    this.#input.dispose();
  }
}
