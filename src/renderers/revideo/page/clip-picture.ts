import wasm from './clip-picture.wat';
import {BT601, BT709, CHROMA_STEPS, LUMA_STEPS, type Shares} from './colours.ts';
import {assembled, type Converter} from './wasm.ts';

/** By WebCodecs' names of colour matrices (Rec. ITU-T H.273, table 4). */
const SHARES: Partial<Record<VideoMatrixCoefficients, Shares>> = {
  bt709: BT709,
  smpte170m: BT601,
  bt470bg: BT601,
};
/** In what `clip-picture.wat` counts: a weight of 4 would be 32768. */
const ONE = 8192;

/** Bytes of the weights, which come first in memory, to the next multiple of 16. */
const WEIGHTS_BYTES = 16;
/** Bytes behind each plane and behind the pixels that `convert` may touch. */
const SLACK = 64;

/**
 * Turns pictures in I420 into RGBA. The browser's own way from a clip to a canvas costs more. It also shows
 * the blue of BT.709 up to 12/255 too dark, because one of its coefficients does not fit into its byte.
 */
export class Rgba {
  readonly width: number;
  readonly height: number;
  /** Where Y, U and V go, without gaps between rows; as `VideoFrame.copyTo` has it, relative to `bytes`. */
  readonly layout: readonly PlaneLayout[];
  readonly #converter: Converter;
  readonly #pixels: number;

  private constructor({width, height}: {width: number; height: number}, converter: Converter) {
    this.width = width;
    this.height = height;
    this.#converter = converter;
    const half = Math.ceil(width / 2);
    const quarter = half * Math.ceil(height / 2) + SLACK;
    const u = WEIGHTS_BYTES + width * height + SLACK;
    this.layout = [
      {offset: WEIGHTS_BYTES, stride: width},
      {offset: u, stride: half},
      {offset: u + quarter, stride: half},
    ];
    this.#pixels = u + 2 * quarter;
    const end = this.#pixels + width * height * 4 + SLACK;
    converter.memory.grow(Math.ceil(end / 65_536));
  }

  /** @param size of the pictures, in pixels */
  static async create(size: {width: number; height: number}): Promise<Rgba> {
    return new Rgba(size, await assembled(wasm));
  }

  /** The buffer for the planes. */
  get bytes(): Uint8Array {
    return new Uint8Array(this.#converter.memory.buffer);
  }

  /**
   * Converts what is in `bytes`. The result is overwritten by the next call.
   *
   * @param matrix one of those for which `isUsual` is true
   */
  convert({matrix, fullRange}: VideoColorSpaceInit): Uint8ClampedArray<ArrayBuffer> {
    const share = SHARES[matrix ?? 'bt709'];
    const [y, u, v] = this.layout;
    if (!share || !y || !u || !v) throw new Error(`No weights are known for the colour matrix ${matrix}.`);
    const {memory, convert} = this.#converter;
    new Int16Array(memory.buffer, 0, 6).set(weights(share, Boolean(fullRange)));
    convert(this.width, this.height, 0, this.#pixels, y.offset, u.offset, v.offset);
    return new Uint8ClampedArray(memory.buffer as ArrayBuffer, this.#pixels, this.width * this.height * 4);
  }
}

/** How much of each plane goes into each colour; the inverse of what BT.709 and BT.601 say. */
function weights({red, blue}: Shares, fullRange: boolean): number[] {
  const green = 1 - red - blue;
  const [luma, chroma] = fullRange ? [1, 1] : [1 / LUMA_STEPS, 1 / CHROMA_STEPS];
  const ofV = 2 * (1 - red) * chroma;
  const ofU = 2 * (1 - blue) * chroma;
  const rest = [luma, ofV, (-ofU * blue) / green, (-ofV * red) / green, ofU];
  return [fullRange ? 0 : 16, ...rest.map((weight) => Math.round(weight * ONE))];
}

/** Whether a frame is of a kind that `Rgba` converts: 8 bits, 4:2:0, opaque, upright, in a usual colour space. */
function isUsual(frame: VideoFrame): boolean {
  const {format, colorSpace, displayWidth, displayHeight, visibleRect} = frame;
  const {rotation = 0, flip = false} = frame as {rotation?: number; flip?: boolean};
  const {matrix, transfer} = colorSpace;
  const upright = rotation === 0 && !flip;
  const square = displayWidth === visibleRect?.width && displayHeight === visibleRect.height;
  // A picture with more contrast than a screen shows is left to the browser; TypeScript does not know these
  // names yet.
  const plain = !['pq', 'hlg'].includes(transfer as string);
  return format === 'I420' && upright && square && plain && matrix !== null && SHARES[matrix] !== undefined;
}

/** The picture of a clip, to be drawn: a canvas that is used again and again, or what cannot be put into one. */
export class ClipPicture {
  #rgba: Rgba | undefined;
  #canvas: OffscreenCanvas | undefined;

  /** @returns what shows the frame, until the next call; the frame itself where it is of an unusual kind */
  async show(frame: VideoFrame): Promise<CanvasImageSource> {
    if (!isUsual(frame)) return frame;
    const {displayWidth: width, displayHeight: height} = frame;
    if (this.#rgba?.width !== width || this.#rgba.height !== height) {
      this.#rgba = await Rgba.create({width, height});
      this.#canvas = new OffscreenCanvas(width, height);
    }
    await frame.copyTo(this.#rgba.bytes, {layout: [...this.#rgba.layout]});
    const pixels = new ImageData(this.#rgba.convert(frame.colorSpace), width, height);
    const canvas = this.#canvas as OffscreenCanvas;
    canvas.getContext('2d', {alpha: false})?.putImageData(pixels, 0, 0);
    return canvas;
  }
}
