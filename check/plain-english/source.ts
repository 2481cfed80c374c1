import {parseSync} from 'vite';
import {paragraphsOf} from './paragraphs.ts';
import type {Text} from './text.ts';
import {mask, wordsIn} from './text.ts';

// Notes for tools, not for readers.
const DIRECTIVE = /^\s*(?:biome-ignore|@vitest-|@jsx|\/ ?<|#\w+ sourceMappingURL|v8 ignore|language=)/;
/** Words from which on a string counts as prose. */
const PROSE = 4;

/**
 * Finds the comments of a TypeScript or JavaScript file and, if asked, its strings that read as prose: messages
 * and help texts. An expression inside a template counts as one word of code.
 *
 * @throws an Error for a file that cannot be parsed
 */
export function sourceTexts(file: string, source: string, {strings}: {strings: boolean}): Text[] {
  const {program, comments, errors} = parseSync(file, source);
  const [error] = errors;
  if (error) throw new Error(`${file} cannot be parsed: ${error.message}`);
  const lineOf = lineIndex(source);
  const texts: Text[] = [];
  const add = (line: number, lines: readonly string[]) => {
    for (const {index, text} of paragraphsOf(lines))
      texts.push({file, line: line + index, kind: 'prose', text});
  };

  let run: {line: number; lines: string[]; alone: boolean} | undefined;
  for (const {type, value, start} of comments) {
    const line = lineOf(start);
    if (DIRECTIVE.test(value) || source.startsWith('#!', start)) continue;
    if (type === 'Block') {
      add(
        line,
        value.split('\n').map((text) => text.replace(/^\s*\*\s?/, '')),
      );
      continue;
    }
    // Line comments one below the other are one text, unless one stands behind code.
    const alone = !source.slice(source.lastIndexOf('\n', start) + 1, start).trim();
    const text = value.replace(/^ /, '');
    if (run?.alone && alone && line === run.line + run.lines.length) {
      run.lines.push(text);
    } else {
      if (run) add(run.line, run.lines);
      run = {line, lines: [text], alone};
    }
  }
  if (run) add(run.line, run.lines);

  if (strings) {
    for (const {start, text} of stringsOf(program)) if (isProse(text)) add(lineOf(start), text.split('\n'));
  }
  return texts;
}

/** Finds the comments of a shell script or a Dockerfile: lines that start with a number sign. */
export function hashTexts(file: string, source: string): Text[] {
  const lines = source.split('\n').map((line) => /^\s*#(?!!) ?(.*)/.exec(line)?.[1] ?? '');
  return paragraphsOf(lines).map(({index, text}) => ({file, line: index + 1, kind: 'prose', text}));
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly [key: string]: unknown;
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';

function* stringsOf(value: unknown): Generator<{start: number; text: string}> {
  if (Array.isArray(value)) for (const item of value) yield* stringsOf(item);
  if (!isNode(value)) return;
  if (value.type.startsWith('Import') || value.type === 'TaggedTemplateExpression') return;
  const text = textOf(value);
  if (text !== undefined) yield {start: value.start, text};
  for (const [key, child] of Object.entries(value)) {
    // The halves of a concatenation are in its text already.
    if (text !== undefined && value.type === 'BinaryExpression' && isNode(child) && textOf(child)) continue;
    if (key !== 'quasis') yield* stringsOf(child);
  }
}

/** The text of a literal, a template or a concatenation; undefined for anything else. */
function textOf(node: Node): string | undefined {
  if (node.type === 'Literal') return typeof node.value === 'string' ? node.value : undefined;
  if (node.type === 'TemplateLiteral') {
    const quasis = node.quasis as {value: {cooked: string | null}}[];
    return quasis.map(({value}) => value.cooked ?? '').join('`…`');
  }
  if (node.type !== 'BinaryExpression' || node.operator !== '+') return undefined;
  const [left, right] = [textOf(node.left as Node), textOf(node.right as Node)];
  return left === undefined && right === undefined ? undefined : `${left ?? '`…`'}${right ?? '`…`'}`;
}

function isProse(text: string): boolean {
  const words = mask(text).split(/\s+/).filter(Boolean);
  const plain = words.filter((word) => /^["'(]*(?:\p{L}+(?:['’-]\p{L}+)*|`x+`)[.,;:!?"')]*$/u.test(word));
  return wordsIn(mask(text)) >= PROSE && plain.length >= 0.75 * words.length;
}

function lineIndex(source: string): (offset: number) => number {
  const starts = [0];
  for (const {index} of source.matchAll(/\n/g)) starts.push(index + 1);
  return (offset) => {
    const next = starts.findIndex((start) => start > offset);
    return next < 0 ? starts.length : next;
  };
}
