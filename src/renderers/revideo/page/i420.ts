import {BT709, CHROMA_STEPS, LUMA_STEPS} from './colours.ts';
import wasm from './i420.wat';
import {assembled, type Converter} from './wasm.ts';

/** How an encoder must read the pixels of a frame, by Rec. ITU-T H.273 and in WebCodecs' words. */
export const COLOUR_SPACE: VideoColorSpaceInit = {
  primaries: 'bt709',
  transfer: 'bt709',
  matrix: 'bt709',
  fullRange: false,
};

const {red: RED, blue: BLUE} = BT709;
const GREEN = 1 - RED - BLUE;
/** In what `i420.wat` counts: 1 is 32768. */
const ONE = 1 << 15;

/**
 * How much of red, green and blue goes into Y, Cb and Cr. Those of a colour difference add up to exactly 0, so that
 * grey stays grey.
 */
const WEIGHTS = [
  {red: RED * LUMA_STEPS, green: GREEN * LUMA_STEPS, blue: BLUE * LUMA_STEPS},
  colourDifference({red: -RED, green: -GREEN, blue: 1 - BLUE}, 2 * (1 - BLUE)),
  colourDifference({red: 1 - RED, green: -GREEN, blue: -BLUE}, 2 * (1 - RED)),
].map(({red, green, blue}) => {
  const rounded = {red: Math.round(red * ONE), blue: Math.round(blue * ONE)};
  const sum = Math.round((red + green + blue) * ONE);
  return {...rounded, green: sum - rounded.red - rounded.blue};
});

function colourDifference(
  {red, green, blue}: {red: number; green: number; blue: number},
  span: number,
): {red: number; green: number; blue: number} {
  const scale = CHROMA_STEPS / span;
  return {red: red * scale, green: green * scale, blue: blue * scale};
}

/** Pixels that `convert` takes at a time; rows are padded to a multiple of them. */
const STRIDE = 16;
/** Bytes of the weights, which come first in memory. */
const WEIGHTS_BYTES = 48;

/**
 * Turns a canvas' pixels into I420: a plane of brightness and, at half the size in both directions, two of colour
 * differences; BT.709, limited range. An encoder that is given the canvas itself does this too, but slower, in full
 * range, and up to 3/255 beside the colour.
 */
export class I420 {
  /** Bytes from one row of `pixels` to the next. */
  readonly bytesPerRow: number;
  readonly #width: number;
  readonly #height: number;
  readonly #converter: Converter;

  private constructor({width, height}: {width: number; height: number}, converter: Converter) {
    this.#width = width;
    this.#height = height;
    this.bytesPerRow = Math.ceil(width / STRIDE) * STRIDE * 4;
    this.#converter = converter;
    // Four bytes a pixel come in, one and a half go out.
    converter.memory.grow(Math.ceil((this.bytesPerRow * height * 1.375) / 65_536));
  }

  /** @param size in pixels, even in both directions */
  static async create(size: {width: number; height: number}): Promise<I420> {
    return new I420(size, await assembled(wasm));
  }

  /** Where the pixels go, four bytes each. */
  get pixels(): Uint8Array {
    return new Uint8Array(this.#converter.memory.buffer, WEIGHTS_BYTES, this.bytesPerRow * this.#height);
  }

  /**
   * Converts what is in `pixels`. The result is overwritten by the next call.
   *
   * @param order of a pixel's bytes; browsers differ in it
   */
  convert(order: 'RGB' | 'BGR'): Uint8Array<ArrayBuffer> {
    const {memory, convert} = this.#converter;
    const stride = this.bytesPerRow / 4;
    const size = stride * this.#height;
    const y = WEIGHTS_BYTES + size * 4;
    new Int16Array(memory.buffer, 0, WEIGHTS_BYTES / 2).set(
      WEIGHTS.flatMap(({red, green, blue}) => {
        const pixel = order === 'RGB' ? [red, green, blue, 0] : [blue, green, red, 0];
        return [...pixel, ...pixel];
      }),
    );
    convert(stride, this.#height, 0, WEIGHTS_BYTES, y, y + size, y + size * 1.25);
    const planes = new Uint8Array(memory.buffer as ArrayBuffer, y, size * 1.5);
    return stride === this.#width ? planes : this.#unpad(planes, stride);
  }

  #unpad(planes: Uint8Array, stride: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(this.#width * this.#height * 1.5);
    let [from, to] = [0, 0];
    const copyRows = (rows: number, width: number, stride: number) => {
      for (let row = 0; row < rows; row++, from += stride, to += width)
        bytes.set(planes.subarray(from, from + width), to);
    };
    copyRows(this.#height, this.#width, stride);
    // Both planes of colour differences, of half the rows each.
    copyRows(this.#height, this.#width / 2, stride / 2);
    return bytes;
  }
}

/**
 * Takes what a canvas of the same size shows. A film has no transparency: transparent pixels lie on black.
 */
export async function readCanvas(canvas: HTMLCanvasElement, i420: I420): Promise<Uint8Array<ArrayBuffer>> {
  const frame = new VideoFrame(canvas, {timestamp: 0, alpha: 'discard'});
  try {
    await frame.copyTo(i420.pixels, {layout: [{offset: 0, stride: i420.bytesPerRow}]});
    if (frame.format === 'RGBX') return i420.convert('RGB');
    if (frame.format === 'BGRX') return i420.convert('BGR');
    throw new Error(`The browser reads a canvas as ${frame.format}; RGBX and BGRX are known.`);
  } finally {
    frame.close();
  }
}
