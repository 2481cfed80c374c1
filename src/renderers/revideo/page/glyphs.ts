/** Latin letters and signs, for which every machine has glyphs. */
const BEYOND_LATIN = /[\u0250-\u{10ffff}]/u;
/**
 * Characters that show nothing by themselves, and those that no font surely has: spaces, marks that join,
 * unassigned ones.
 */
const SHOWS_NOTHING = /^[\s\p{Cc}\p{Cf}\p{Cn}\p{Cs}\p{M}\p{Z}]*$/u;
/** Private use: no font that the machine would take in its place has this one. */
const NOBODYS = '\u{10fffd}';
/** Characters that are named; texts that are remembered as looked at. */
const [MOST_NAMED, MOST_TEXTS] = [8, 5_000];
/** Pixels of the picture of one character. */
const SIZE = 32;

const missing = new Set<string>();
const texts = new Set<string>();
/** By font: the characters that were looked at, and what a missing one looks like; empty where that does not show. */
const fonts = new Map<string, {seen: Set<string>; box: string}>();
const segmenter = new Intl.Segmenter();
const canvas = new OffscreenCanvas(SIZE, SIZE).getContext('2d', {willReadFrequently: true});
const {fillText} = OffscreenCanvasRenderingContext2D.prototype;

/** Looks at every text that is drawn for characters of which no font has a glyph. To be called before any is drawn. */
export function watchGlyphs(): void {
  for (const {prototype} of [CanvasRenderingContext2D, OffscreenCanvasRenderingContext2D]) {
    for (const name of ['fillText', 'strokeText'] as const) {
      const write = prototype[name];
      prototype[name] = function (this: typeof prototype, text: string, ...place) {
        if (BEYOND_LATIN.test(text)) look(String(text), this.font);
        return write.call(this, text, ...place);
      };
    }
  }
}

/** A sentence for each character, of those that were drawn, for which there is no glyph: the first eight. */
export function missingGlyphs(): string[] {
  const named = [...missing].slice(0, MOST_NAMED);
  return named.map((character) => {
    const points = [...character].map(
      (one) => `U+${one.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}`,
    );
    return `No font has the character ${character} (${points.join(' ')}); a box is drawn in its place. Put a font that has it into public/, and name it in fontFamily.`;
  });
}

function look(text: string, font: string): void {
  const key = `${font} ${text}`;
  if (texts.has(key) || missing.size >= MOST_NAMED) return;
  if (texts.size < MOST_TEXTS) texts.add(key);
  const scaled = withSize(font);
  const {seen, box} = fonts.get(scaled) ?? {seen: new Set(), box: boxOf(scaled)};
  fonts.set(scaled, {seen, box});
  if (box === '') return;
  for (const {segment} of segmenter.segment(text)) {
    if (!BEYOND_LATIN.test(segment) || seen.has(segment) || SHOWS_NOTHING.test(segment)) continue;
    seen.add(segment);
    if (picture(segment, scaled) === box) missing.add(segment);
  }
}

/** Which glyphs a font has does not depend on its size. The browser gives a font as `italic bold 24px "A", serif`. */
function withSize(font: string): string {
  const end = font.indexOf('px ');
  const begin = font.lastIndexOf(' ', end) + 1;
  return end < 0 ? font : `${font.slice(0, begin)}${SIZE / 2}${font.slice(end)}`;
}

function boxOf(font: string): string {
  const box = picture(NOBODYS, font);
  return box === picture(' ', font) ? '' : box;
}

function picture(character: string, font: string): string {
  if (!canvas) return '';
  canvas.clearRect(0, 0, SIZE, SIZE);
  canvas.font = font;
  fillText.call(canvas, character, SIZE / 4, (SIZE * 3) / 4);
  return canvas.getImageData(0, 0, SIZE, SIZE).data.join();
}
