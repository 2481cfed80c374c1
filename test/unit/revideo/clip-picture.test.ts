import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {Rgba} from '../../../src/renderers/revideo/page/clip-picture.ts';

const MATRICES = {bt709: [0.2126, 0.0722], smpte170m: [0.299, 0.114], bt470bg: [0.299, 0.114]} as const;

interface Picture {
  width: number;
  height: number;
  y: number[];
  u: number[];
  v: number[];
  matrix: keyof typeof MATRICES;
  fullRange: boolean;
}

/** Rec. ITU-R BT.709-6, items 3.2, 3.3 and 4.6, solved for red, green and blue; and BT.601 alike. */
function plainly({width, height, y, u, v, matrix, fullRange}: Picture): number[] {
  const [kr, kb] = MATRICES[matrix];
  return Array.from({length: width * height}, (_, index) => {
    const chroma =
      Math.floor(Math.floor(index / width) / 2) * Math.ceil(width / 2) + Math.floor((index % width) / 2);
    const luma = fullRange ? (y[index] ?? 0) / 255 : ((y[index] ?? 0) - 16) / 219;
    const cb = ((u[chroma] ?? 0) - 128) / (fullRange ? 255 : 224);
    const cr = ((v[chroma] ?? 0) - 128) / (fullRange ? 255 : 224);
    const red = luma + 2 * (1 - kr) * cr;
    const blue = luma + 2 * (1 - kb) * cb;
    const green = (luma - kr * red - kb * blue) / (1 - kr - kb);
    return [red, green, blue, 1].map((share) => Math.min(255, Math.max(0, share * 255)));
  }).flat();
}

const byte = fc.oneof(fc.integer({min: 0, max: 255}), fc.constantFrom(0, 16, 235, 240, 255));
const pictures = fc
  .record({width: fc.integer({min: 1, max: 50}), height: fc.integer({min: 1, max: 9})})
  .chain(({width, height}) => {
    const plane = (size: number) => fc.array(byte, {minLength: size, maxLength: size});
    const quarter = Math.ceil(width / 2) * Math.ceil(height / 2);
    return fc.record({
      width: fc.constant(width),
      height: fc.constant(height),
      y: plane(width * height),
      u: plane(quarter),
      v: plane(quarter),
      matrix: fc.constantFrom('bt709', 'smpte170m', 'bt470bg'),
      fullRange: fc.boolean(),
    });
  });

describe("A clip's picture", () => {
  it('has the colours that BT.709 and BT.601 say, in either range, to what rounding leaves', async () => {
    await fc.assert(
      fc.asyncProperty(pictures, async (picture) => {
        const rgba = await Rgba.create(picture);
        [picture.y, picture.u, picture.v].forEach((plane, index) => {
          rgba.bytes.set(plane, rgba.layout[index]?.offset);
        });
        const found = [...rgba.convert(picture)];
        const expected = plainly(picture);
        expect(found).toHaveLength(expected.length);
        const furthest = Math.max(...found.map((value, index) => Math.abs(value - (expected[index] ?? 0))));
        expect(furthest).toBeLessThan(0.6);
      }),
    );
  });
});
