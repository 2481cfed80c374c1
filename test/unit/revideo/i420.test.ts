import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {I420} from '../../../src/renderers/revideo/page/i420.ts';

type Colour = readonly [red: number, green: number, blue: number];

/** Rec. ITU-R BT.709-6, items 3.2, 3.3 and 4.6, with 8 bits. */
function bt709([red, green, blue]: Colour): readonly [y: number, cb: number, cr: number] {
  const y = (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
  const cb = (blue / 255 - y) / 1.8556;
  const cr = (red / 255 - y) / 1.5748;
  return [219 * y + 16, 224 * cb + 128, 224 * cr + 128];
}

/** The same as the module does, pixel by pixel. */
function plainly({width, height, pixels}: {width: number; height: number; pixels: readonly Colour[]}) {
  const at = (x: number, y: number) => pixels[y * width + x] as Colour;
  const brightness = pixels.map((colour) => bt709(colour)[0]);
  const squares = Array.from({length: (width * height) / 4}, (_, index) => {
    const x = 2 * (index % (width / 2));
    const y = 2 * Math.floor(index / (width / 2));
    const four = [at(x, y), at(x + 1, y), at(x, y + 1), at(x + 1, y + 1)];
    const mean = (component: 0 | 1 | 2) => four.reduce((sum, colour) => sum + colour[component], 0) / 4;
    return bt709([mean(0), mean(1), mean(2)]);
  });
  return [...brightness, ...squares.map(([, cb]) => cb), ...squares.map(([, , cr]) => cr)];
}

const component = fc.oneof(fc.integer({min: 0, max: 255}), fc.constantFrom(0, 255));
const pictures = fc
  .record({width: fc.integer({min: 1, max: 30}), height: fc.integer({min: 1, max: 6})})
  .map(({width, height}) => ({width: width * 2, height: height * 2}))
  .chain(({width, height}) =>
    fc.record({
      width: fc.constant(width),
      height: fc.constant(height),
      pixels: fc.array(fc.tuple(component, component, component), {
        minLength: width * height,
        maxLength: width * height,
      }),
      order: fc.constantFrom('RGB', 'BGR'),
      alpha: fc.integer({min: 0, max: 255}),
    }),
  );

describe('I420', () => {
  it('is BT.709 in limited range, to a half and what 15 bits round', async () => {
    await fc.assert(
      fc.asyncProperty(pictures, async ({order, alpha, ...picture}) => {
        const i420 = await I420.create(picture);
        const into = i420.pixels;
        picture.pixels.forEach(([red, green, blue], index) => {
          const bytes = order === 'RGB' ? [red, green, blue, alpha] : [blue, green, red, alpha];
          const row = Math.floor(index / picture.width);
          into.set(bytes, row * i420.bytesPerRow + (index % picture.width) * 4);
        });
        const planes = [...i420.convert(order)];
        const expected = plainly(picture);
        expect(planes).toHaveLength(expected.length);
        const furthest = Math.max(...planes.map((value, index) => Math.abs(value - (expected[index] ?? 0))));
        expect(furthest).toBeLessThan(0.52);
      }),
    );
  });

  it('keeps greys grey, black 16 and white 235', async () => {
    const i420 = await I420.create({width: 256, height: 2});
    for (let level = 0; level < 256; level++) {
      i420.pixels.fill(level, level * 4, level * 4 + 4);
      i420.pixels.fill(level, i420.bytesPerRow + level * 4, i420.bytesPerRow + level * 4 + 4);
    }
    const planes = i420.convert('BGR');
    expect([planes[0], planes[255]]).toEqual([16, 235]);
    expect(new Set(planes.subarray(512))).toEqual(new Set([128]));
  });
});
