const OPEN = /^<!-- generated: ([\w-]+) -->$/gm;
const CLOSE = '<!-- /generated -->';

/** The names of the generated parts of a page, in order. */
export const partsOf = (page: string): string[] => [...page.matchAll(OPEN)].map(([, name = '']) => name);

/**
 * A page with new text between `<!-- generated: name -->` and `<!-- /generated -->`.
 *
 * @param parts what makes the text of each part, by its name
 * @throws if the page names a part that does not exist, or does not close one
 */
export function withParts(page: string, parts: Readonly<Record<string, () => string>>): string {
  let text = page;
  for (const name of partsOf(page)) {
    const make = parts[name];
    if (!make)
      throw new Error(`There is no generated part ${name}; there are ${Object.keys(parts).join(', ')}.`);
    const open = `<!-- generated: ${name} -->\n`;
    const from = text.indexOf(open) + open.length;
    const to = text.indexOf(CLOSE, from);
    if (to < 0) throw new Error(`The generated part ${name} has no ${CLOSE}.`);
    text = `${text.slice(0, from)}\n${make()}\n\n${text.slice(to)}`;
  }
  return text;
}
