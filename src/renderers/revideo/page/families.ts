import {Layout, View2D} from '@revideo/2d';

/** Families that a project names, as it names them: a list with commas between. */
const named = new Set<string>();

/** The generic families of CSS Fonts Level 4 (https://www.w3.org/TR/css-fonts-4/#generic-font-families). */
const GENERIC =
  /^(serif|sans-serif|monospace|cursive|fantasy|system-ui|math|emoji|fangsong|ui-[a-z-]+|inherit|initial)$/i;

/** Signs whose widths tell most fonts apart. */
const SAMPLE = 'mmmmmmmmmmlliWAVEg@0123456789';

/** Notes which families the project's own texts name. */
export function noteFamilies(): void {
  const {applyFont} = Layout.prototype as unknown as {applyFont(): void};
  Object.assign(Layout.prototype, {
    applyFont(this: Layout) {
      applyFont.call(this);
      // Revideo's view names a font for all that name none.
      if (!(this instanceof View2D) && !this.fontFamily.isInitial()) named.add(this.fontFamily());
    },
  });
}

/**
 * A sentence for each list of families of which no font exists: neither in the project's style sheets and
 * fonts, nor on this machine. A browser takes another font, and says nothing.
 */
export function missingFamilies(): string[] {
  const own = new Set([...document.fonts].map(({family}) => plain(family)));
  const isThere = (family: string) => GENERIC.test(family) || own.has(plain(family)) || isInstalled(family);
  const missing = [...named].filter(
    (list) => list.trim() && !list.split(',').some((one) => isThere(one.trim())),
  );
  return missing.map(
    (list) =>
      `No font ${list.slice(0, 100)} was found, neither in the project nor on this machine; its texts are drawn in another one. Put a font file into public/ and load it with @font-face.`,
  );
}

const plain = (family: string): string => family.trim().replaceAll(/["']/g, '').toLowerCase();

/** A font that is not there is as wide as what stands in for it, whatever that is. */
function isInstalled(family: string): boolean {
  const context = document.createElement('canvas').getContext('2d');
  if (!context) return true;
  const width = (font: string) => {
    context.font = `40px ${font}`;
    return context.measureText(SAMPLE).width;
  };
  const name = JSON.stringify(plain(family));
  return ['serif', 'monospace'].some((other) => width(`${name}, ${other}`) !== width(other));
}
