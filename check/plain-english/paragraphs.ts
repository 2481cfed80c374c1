/** Lines of a comment or a message that belong together. */
export interface Paragraph {
  /** Index of its first line among the lines given, from 0. */
  readonly index: number;
  readonly text: string;
}

const FENCE = /^\s*```/;
// A tag's name, and for a parameter its own name.
const TAG = /^\s*@(?:(?:param|template|property)\s+\S+|\w+)(?:\s+-)?\s*/;
const ITEM = /^\s*(?:[-*•]|\d+[.)])\s+/;

/**
 * Joins the lines of a comment or of a help text into paragraphs. A blank line, a list item, a tag such as
 * `@param` and an indented line each start a new one. Fenced code and examples are left out.
 */
export function paragraphsOf(lines: readonly string[]): Paragraph[] {
  const found: {index: number; lines: string[]}[] = [];
  let skip: 'code' | 'example' | undefined;
  let open = false;
  for (const [index, line] of lines.entries()) {
    if (FENCE.test(line)) {
      skip = skip === 'code' ? undefined : 'code';
      open = false;
    } else if (skip === 'code') {
    } else if (!line.trim()) {
      open = false;
    } else {
      if (TAG.test(line)) skip = /^\s*@example/.test(line) ? 'example' : undefined;
      if (skip) continue;
      const starts = TAG.test(line) || ITEM.test(line) || /^ {2,}\S/.test(line);
      const text = line.replace(TAG, '').replace(ITEM, '');
      if (open && !starts) found.at(-1)?.lines.push(text);
      else found.push({index, lines: [text]});
      open = true;
    }
  }
  return found.map((paragraph) => ({index: paragraph.index, text: paragraph.lines.join('\n')}));
}
