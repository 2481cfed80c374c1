/** How a container asks a player to show a clip's pictures: turned clockwise first, then flipped left to right. */
export interface Pose {
  rotation: 0 | 90 | 180 | 270;
  flip: boolean;
}

/** Shows pictures as their container asks for it, on a canvas that is used again and again. */
export class Upright {
  readonly #pose: Pose;
  #canvas: OffscreenCanvas | undefined;

  constructor(pose: Pose) {
    this.#pose = pose;
  }

  /**
   * @param size of the picture as it is stored, in pixels
   * @returns what shows the picture, until the next call; the picture itself where it stands upright already
   */
  show(picture: CanvasImageSource, {width, height}: {width: number; height: number}): CanvasImageSource {
    const {rotation, flip} = this.#pose;
    if (rotation === 0 && !flip) return picture;
    const [across, down] = rotation % 180 === 0 ? [width, height] : [height, width];
    if (this.#canvas?.width !== across || this.#canvas.height !== down)
      this.#canvas = new OffscreenCanvas(across, down);
    const context = this.#canvas.getContext('2d');
    if (!context) throw new Error('The browser gives no canvas to turn a clip on.');
    context.setTransform(1, 0, 0, 1, across / 2, down / 2);
    context.clearRect(-across / 2, -down / 2, across, down);
    if (flip) context.scale(-1, 1);
    // Exact for every quarter turn: a cosine of 90 degrees is not quite 0, and would blur.
    const [cos, sin] = [
      [1, 0],
      [0, 1],
      [-1, 0],
      [0, -1],
    ][rotation / 90] as [number, number];
    context.transform(cos, sin, -sin, cos, 0, 0);
    context.drawImage(picture, -width / 2, -height / 2, width, height);
    return this.#canvas;
  }
}
