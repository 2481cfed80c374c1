import type {Nodes} from 'mdast';
import {fromMarkdown} from 'mdast-util-from-markdown';
import {gfmTableFromMarkdown} from 'mdast-util-gfm-table';
import {gfmTable} from 'micromark-extension-gfm-table';
import type {Text} from './text.ts';

const KINDS: Readonly<Record<string, Text['kind']>> = {
  paragraph: 'prose',
  heading: 'heading',
  tableCell: 'cell',
};

/** Finds the paragraphs, headings and table cells of a Markdown file. Code blocks and HTML are left out. */
export function markdownTexts(file: string, source: string): Text[] {
  const tree = fromMarkdown(source, {extensions: [gfmTable()], mdastExtensions: [gfmTableFromMarkdown()]});
  const texts: Text[] = [];
  const visit = (node: Nodes) => {
    const kind = KINDS[node.type];
    if (kind) texts.push({file, line: node.position?.start.line ?? 1, kind, text: flat(node)});
    else if ('children' in node) for (const child of node.children) visit(child);
  };
  visit(tree);
  return texts;
}

function flat(node: Nodes): string {
  if (node.type === 'text') return node.value;
  if (node.type === 'inlineCode') return `\`${node.value}\``;
  if (node.type === 'image') return node.alt ?? '';
  if (node.type === 'break') return '\n';
  return 'children' in node ? node.children.map(flat).join('') : '';
}
