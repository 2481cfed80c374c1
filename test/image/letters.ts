import {afterAll, beforeAll, expect, test} from 'vitest';
import {differing, drawMessage, yellow} from './support/letters.ts';
import {type ImageStage, startImage} from './support/stage.ts';

let stage: ImageStage;
/** What is drawn for a letter that no font has: a code point that stands for none. */
let box: Buffer;
beforeAll(async () => {
  stage = await startImage({concurrency: 1});
  box = await drawMessage(stage, '\u{E123}');
});
afterAll(() => stage.close());

/** A letter covers more pixels than this, and an encoder's error fewer. */
const FEW = 300;

test('a letter that no font has is drawn as the box that the other tests look for', async () => {
  // Cuneiform, which the image has no font for.
  expect(differing(await drawMessage(stage, '\u{12000}'), box)).toBeLessThan(FEW);
  expect(differing(await drawMessage(stage, ' '), box)).toBeGreaterThan(FEW);
});

test.each([
  ['Latin', 'AzßéŁřğ'],
  ['Greek and Cyrillic', 'ΩλЖя'],
  ['Chinese, simplified', '中们龙'],
  ['Chinese, traditional', '體龍灣'],
  ['Japanese', 'あカ漢々'],
  ['Korean', '한글뷁'],
  ['Arabic', 'عربي'],
  ['Devanagari', 'हिन्दी'],
])('%s', async (_, letters) => {
  for (const {segment} of new Intl.Segmenter('en', {granularity: 'grapheme'}).segment(letters)) {
    const frame = await drawMessage(stage, segment);
    expect.soft(differing(frame, box), `${segment} is a box`).toBeGreaterThan(FEW);
  }
});

test('an emoji has its colours', async () => {
  const without = yellow(await drawMessage(stage, ' '));
  for (const face of ['😀', '👩🏽‍🚀', '🇯🇵', '❤️', '🫠']) {
    const frame = await drawMessage(stage, face);
    expect.soft(differing(frame, box), `${face} is a box`).toBeGreaterThan(FEW);
    if (face === '😀') expect(yellow(frame) - without).toBeGreaterThan(1_000);
  }
});
