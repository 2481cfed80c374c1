import {COLOUR_SPACE} from './i420.ts';
import type {Outbox} from './outbox.ts';

/** Takes the frames of a segment, one by one, as they are drawn. */
export interface FrameEncoder {
  /** Takes frame `index` of the segment, in I420; the bytes may change once this is done. */
  add(pixels: Uint8Array<ArrayBuffer>, index: number): Promise<void>;
  /** Waits until all bytes have arrived. Returns how many frames there were. */
  finish(): Promise<number>;
}

/** How a frame is encoded: what WebCodecs needs to know before the first one. */
interface EncodeOptions {
  width: number;
  height: number;
  fps: number;
  /** Gets stretches of an H.264 Annex B stream, in order. */
  outbox: Outbox;
}

/** Frames that may wait for the encoder: enough to keep it busy, few enough to bound memory. */
const QUEUE = 4;

/** The browser's own H.264 encoder, for one segment: the first frame is the only keyframe. */
export class BrowserEncoding implements FrameEncoder {
  readonly #encoder: VideoEncoder;
  readonly #outbox: Outbox;
  readonly #fps: number;
  readonly #size: {codedWidth: number; codedHeight: number};
  #failure: Error | undefined;
  #sent: Promise<void> = Promise.resolve();
  #encoded = 0;
  #last = -1;

  constructor({width, height, fps, outbox}: EncodeOptions) {
    this.#outbox = outbox;
    this.#fps = fps;
    this.#size = {codedWidth: width, codedHeight: height};
    this.#encoder = new VideoEncoder({
      output: (chunk) => {
        // Chunks are joined without timestamps: the order of the stream must be the order of the film.
        if (chunk.timestamp <= this.#last) this.#failure = new Error('The encoder reordered frames.');
        this.#last = chunk.timestamp;
        const bytes = new Uint8Array(chunk.byteLength);
        chunk.copyTo(bytes);
        this.#encoded++;
        this.#sent = outbox.add(bytes);
      },
      error: (error) => {
        this.#failure = error;
      },
    });
    this.#encoder.configure({
      codec: `avc1.6400${level(width, height, fps).toString(16)}`,
      width,
      height,
      framerate: fps,
      // No bitrate: the encoder then quantizes every frame alike, whatever came before it. A rate control
      // would start again with each segment, and costs a third of the encoding.
      latencyMode: 'quality',
      // Hardware encoders reorder frames and differ from machine to machine.
      hardwareAcceleration: 'prefer-software',
      avc: {format: 'annexb'},
    });
  }

  async add(pixels: Uint8Array<ArrayBuffer>, index: number): Promise<void> {
    const frame = new VideoFrame(pixels, {
      format: 'I420',
      ...this.#size,
      colorSpace: COLOUR_SPACE,
      timestamp: Math.round((index * 1e6) / this.#fps),
      duration: Math.round(1e6 / this.#fps),
    });
    this.#encoder.encode(frame, {keyFrame: index === 0});
    frame.close();
    while (this.#encoder.encodeQueueSize > QUEUE && !this.#failure) {
      await new Promise((resolve) => this.#encoder.addEventListener('dequeue', resolve, {once: true}));
    }
    if (this.#failure) throw this.#failure;
    await this.#sent;
  }

  async finish(): Promise<number> {
    try {
      await this.#encoder.flush();
      this.#encoder.close();
      if (this.#failure) throw this.#failure;
    } finally {
      // The segments behind this one wait for it.
      await this.#outbox.close();
    }
    return this.#encoded;
  }
}

/** H.264 levels that matter here, with macroblocks a frame and a second (Rec. ITU-T H.264, table A-1). */
const LEVELS = [
  {level: 0x1e, frame: 1_620, second: 40_500},
  {level: 0x1f, frame: 3_600, second: 108_000},
  {level: 0x28, frame: 8_192, second: 245_760},
  {level: 0x2a, frame: 8_704, second: 522_240},
  {level: 0x32, frame: 22_080, second: 589_824},
  {level: 0x33, frame: 36_864, second: 983_040},
  {level: 0x34, frame: 36_864, second: 2_073_600},
] as const;

function level(width: number, height: number, fps: number): number {
  const macroblocks = Math.ceil(width / 16) * Math.ceil(height / 16);
  const fit = LEVELS.find(({frame, second}) => macroblocks <= frame && macroblocks * fps <= second);
  if (!fit) throw new Error(`H.264 has no level for ${width}x${height} at ${fps} frames a second.`);
  return fit.level;
}
