import {type Input, type VideoSample, VideoSampleSink} from 'mediabunny';
import {ClipPicture} from './clip-picture.ts';
import {openInput} from './open-input.ts';
import {MediaFailure} from './remote.ts';

/**
 * Stands in for `@revideo/2d/lib/utils/video/mp4-parser-manager`, from which `<Video>` takes its pictures.
 * Revideo's own gives another source frame near a chunk's start. This one gives, from any start, the source frame
 * that a player shows at that time: the last one that is due.
 */
const clips = new Map<string, Promise<Clip>>();

/** The picture of a clip at `time`, in seconds. It stays valid until the node asks for another one. */
export async function getFrame(id: string, url: string, time: number): Promise<CanvasImageSource> {
  const key = `${url}-${id}`;
  const opening = clips.get(key) ?? Clip.open(url);
  clips.set(key, opening);
  return (await opening).pictureAt(time);
}

/** Lets go of a node's clip. */
export async function dropExtractor(id: string, url: string): Promise<void> {
  const key = `${url}-${id}`;
  const opening = clips.get(key);
  clips.delete(key);
  await (await opening)?.close();
}

/** How far ahead it is cheaper to decode on than to start at the keyframe before the wanted time, in seconds. */
const READ_ON = 2;

/**
 * Seconds by which a frame may be due later and still count as due. WebM rounds times to 1 ms, other containers to
 * less, and cameras stray by about as much. It stays below 1/300 s, the least by which a frame of a clip of 50 frames
 * a second lies off a frame of a film of 60.
 */
const EARLY = 0.002;

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
  #shown: {sample: VideoSample; image: CanvasImageSource} | undefined;

  private constructor(input: Input, sink: VideoSampleSink) {
    this.#input = input;
    this.#sink = sink;
  }

  static async open(url: string): Promise<Clip> {
    const input = openInput(url);
    const track = await input.getPrimaryVideoTrack();
    if (!track) throw new MediaFailure(url, 'it has no picture');
    if (!(await track.canDecode()))
      throw new MediaFailure(url, `this browser cannot decode ${track.codec ?? 'its codec'}`);
    return new Clip(input, new VideoSampleSink(track));
  }

  async pictureAt(time: number): Promise<CanvasImageSource> {
    const sample = await this.#sampleAt(time + EARLY);
    if (this.#shown?.sample !== sample) {
      this.#letGo();
      const frame = sample.toVideoFrame();
      const image = await this.#picture.show(frame);
      if (image !== frame) frame.close();
      this.#shown = {sample, image};
    }
    return this.#shown.image;
  }

  /** The last frame at or before `time`; the first one, if `time` is before it. */
  async #sampleAt(time: number): Promise<VideoSample> {
    const at = this.#at;
    const goesOn = at && time >= at.current.timestamp && (!at.next || time <= at.next.timestamp + READ_ON);
    let {current, next} = goesOn ? at : await this.#restart(time);
    while (next && next.timestamp <= time) {
      current.close();
      current = next;
      next = await this.#read();
      this.#at = {current, next};
    }
    return current;
  }

  /** Starts to decode with the frame of `time`. */
  async #restart(time: number): Promise<Position> {
    await this.#stop();
    this.#samples = this.#sink.samples(time);
    const current = await this.#read();
    if (!current) throw new Error('The clip has no frames.');
    this.#at = {current, next: await this.#read()};
    return this.#at;
  }

  async #read(): Promise<VideoSample | undefined> {
    const read = await this.#samples?.next();
    return read && !read.done ? read.value : undefined;
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
