import {afterAll, beforeAll, expect, test} from 'vitest';
import {differing, drawMessage, yellow} from './support/letters.ts';
import {type ImageStage, startImage} from './support/stage.ts';

let stage: ImageStage;
/** The pictures of one, two, … letters that no font has: unassigned code points. */
const boxes: Buffer[] = [];
beforeAll(async () => {
  stage = await startImage({concurrency: 1});
  for (const count of [1, 2, 3, 4]) boxes.push(await drawMessage(stage, '\u{E123}'.repeat(count)));
});
afterAll(() => stage?.close());

/** How far what is drawn for some letters is from boxes in their place, however many of the letters' parts would have one. */
async function unlikeBoxes(letters: string): Promise<number> {
  const frame = await drawMessage(stage, letters);
  return Math.min(...boxes.map((box) => differing(frame, box)));
}

/** A letter covers more pixels than this, and an encoder's error fewer. */
const FEW = 300;

test('a letter that no font has is drawn as the box that the other tests look for', async () => {
  // Cuneiform, which the image has no font for.
  expect(await unlikeBoxes('\u{12000}')).toBeLessThan(FEW);
  expect(await unlikeBoxes('\u{12000}\u{12001}')).toBeLessThan(FEW);
  expect(await unlikeBoxes(' ')).toBeGreaterThan(FEW);
});

test.each([
  ['Latin', 'AzßéŁřğ'],
  ['Greek and Cyrillic', 'ΩλЖя'],
  ['Chinese, simplified', '中们龙'],
  ['Chinese, traditional', '體龍灣'],
  ['Japanese', 'あカ漢々'],
  ['Korean', '한글뷁'],
  ['Arabic', 'عربي'],
  ['Devanagari', 'हनदकहिन्दी'],
])('%s', async (_, letters) => {
  for (const {segment} of new Intl.Segmenter('en', {granularity: 'grapheme'}).segment(letters)) {
    expect.soft(await unlikeBoxes(segment), `${segment} is a box`).toBeGreaterThan(FEW);
  }
});

test('an emoji has its colours', async () => {
  const coloured = yellow(await drawMessage(stage, '😀')) - yellow(await drawMessage(stage, ' '));
  expect(coloured).toBeGreaterThan(1_000);
  for (const face of ['😀', '👩🏽‍🚀', '🇯🇵', '❤️', '🫠']) {
    expect.soft(await unlikeBoxes(face), `${face} is a box`).toBeGreaterThan(FEW);
  }
});
