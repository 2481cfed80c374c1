/** A run of prose from a file: a paragraph, a table cell, a comment or a message. */
export interface Text {
  /** Path from the repository's root. */
  readonly file: string;
  /** Line of the first character, from 1. */
  readonly line: number;
  readonly kind: 'prose' | 'heading' | 'cell';
  /** Line breaks are those of the file. Code is in backticks. */
  readonly text: string;
}

/** One sentence of a text, on the line where it starts. */
export interface Sentence {
  readonly line: number;
  /** As written, on one line. */
  readonly text: string;
  /** The same with code and addresses replaced by one word each, for rules and word counts. */
  readonly plain: string;
}

const CODE = /`[^`]*`/g;
// A quotation counts its words, and no rule looks at them.
const QUOTED = /"[^"\n]{1,80}"/g;
const ADDRESS = /\bhttps?:\/\/\S*[^\s.,;:)]/g;
// The dot of an abbreviation ends no sentence.
const ABBREVIATION = /\b(?:e\.g|i\.e|etc|vs|cf|approx|no)\.$/i;
const SENTENCE_END = /(?<!\.)[.!?][")\]]*\s+/g;

/** Splits a text into its sentences. */
export function sentencesOf({line, text}: Pick<Text, 'line' | 'text'>): Sentence[] {
  const masked = mask(text);
  const starts = [0];
  for (const match of masked.matchAll(SENTENCE_END)) {
    if (!ABBREVIATION.test(masked.slice(0, match.index + 1))) starts.push(match.index + match[0].length);
  }
  return starts
    .map((start, index) => {
      const end = starts[index + 1] ?? text.length;
      return {
        line: line + newlines(text.slice(0, start)),
        text: oneLine(text.slice(start, end)),
        plain: oneLine(masked.slice(start, end)),
      };
    })
    .filter(({plain}) => wordsIn(plain) > 0);
}

/** How many words a plain text has; a dash or a sign alone is no word. */
export function wordsIn(plain: string): number {
  return plain.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}

/** Replaces code, addresses and quotations by letters, one for one, so that offsets stay as they are. */
export function mask(text: string): string {
  const letters = (found: string) => `\`${'x'.repeat(found.length - 2)}\``;
  return text
    .replace(CODE, letters)
    .replace(ADDRESS, letters)
    .replace(QUOTED, (found) => found.replace(/[^\s".!?]/g, 'x'));
}

const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim();
const newlines = (text: string) => text.split('\n').length - 1;
