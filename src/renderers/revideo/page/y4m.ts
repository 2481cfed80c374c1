import {fpsToRational} from '../../../model/frame-rate.ts';
import type {FrameEncoder} from './encode.ts';
import type {Outbox} from './outbox.ts';

/** Sends every frame as it is, for an encoder outside of the browser: YUV4MPEG2, a stream that says what it holds. */
export class Y4m implements FrameEncoder {
  readonly #outbox: Outbox;
  #frames = 0;

  constructor({width, height, fps, outbox}: {width: number; height: number; fps: number; outbox: Outbox}) {
    this.#outbox = outbox;
    const {numerator, denominator} = fpsToRational(fps);
    // Progressive, square pixels, 4:2:0; XCOLORRANGE is ffmpeg's addition to the format.
    const header = `YUV4MPEG2 W${width} H${height} F${numerator}:${denominator} Ip A1:1 C420jpeg XCOLORRANGE=LIMITED\n`;
    void outbox.add(new TextEncoder().encode(header));
  }

  async add(pixels: Uint8Array<ArrayBuffer>): Promise<void> {
    this.#frames++;
    void this.#outbox.add(new TextEncoder().encode('FRAME\n'));
    // One frame is drawn while another is on its way; more would only fill memory.
    await this.#outbox.add(pixels.slice());
  }

  async finish(): Promise<number> {
    await this.#outbox.close();
    return this.#frames;
  }
}
