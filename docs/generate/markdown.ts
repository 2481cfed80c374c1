/** A table in Markdown. A `|` of a cell is escaped, and a line break becomes a space. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A text as code, or nothing for no text. */
export const code = (text: string): string => (text ? `\`${text}\`` : '');

/** A text as the sentence of a cell: a capital letter, except for names such as x86_64, and no full stop. */
export function sentence(text: string): string {
  const plain = text.trim().replace(/\.$/, '');
  return /^[a-z]*[\d_]/.test(plain) ? plain : plain.charAt(0).toUpperCase() + plain.slice(1);
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ').trim();
}
