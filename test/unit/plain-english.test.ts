import {describe, expect, it} from 'vitest';
import {markdownTexts} from '../../check/plain-english/markdown.ts';
import {breachesOf, updated} from '../../check/plain-english/ratchet.ts';
import {findingsIn} from '../../check/plain-english/rules.ts';
import {hashTexts, sourceTexts} from '../../check/plain-english/source.ts';
import {sentencesOf} from '../../check/plain-english/text.ts';

const prose = (text: string) => findingsIn([{file: 'a.md', line: 1, kind: 'prose', text}]);
const words = (count: number) => Array.from({length: count}, () => 'word').join(' ');

describe('rules', () => {
  it.each([
    ['What a job needs, and its listeners.', 'starts with "What"'],
    ['Who renders the job.', 'starts with "Who"'],
    ['Of the means that need no further part, that is the cheapest.', 'starts with "Of"'],
    ['Never is a film published twice.', 'is inverted'],
    ['Had it been deleted, the job would fail.', 'is inverted'],
    ['Whoever calls it needs a region.', '"whoever"'],
    ['Undefined for what is no record.', '"of what is"'],
    ['Ten seconds unless told otherwise.', '"told"'],
    ['The worker has been heard.', '"hear"'],
    ['Before one can render, set a region.', '"one" as the subject'],
    ['Somebody else renders the job.', '"somebody"'],
    ['It shows what became of the job.', '"what became of"'],
    ['Runs in this very process.', '"the very"'],
    ['The run whose word the worker heeds.', 'an old word'],
    ['Waits for ever.', '"for ever"'],
    ['The text that Lambda says of an invocation.', '"says of"'],
  ])('"%s" is a finding', (text, rule) => {
    expect(prose(text).map((finding) => finding.rule)).toEqual([expect.stringContaining(rule)]);
  });

  it.each([
    'The orchestrator retries the chunk.',
    'What does a render cost?',
    'Of course the film stays.',
    'The newest one can be deleted.',
    'The message says what is wrong.',
    'The service answers "Nobody was told of that".',
    'The option `told` is set.',
    `Known as https://example.com/what/whoever/told and nothing else.`,
  ])('"%s" is none', (text) => {
    expect(prose(text)).toEqual([]);
  });

  it('allows 25 words a sentence, and says how many there are', () => {
    expect(prose(`${words(25)}. W${words(25)}.`)).toEqual([]);
    const [finding] = prose(`Short.\nA ${words(25)}.`);
    expect(finding).toEqual({
      file: 'a.md',
      line: 2,
      rule: expect.stringContaining('26 words'),
      text: `A ${words(25)}.`,
    });
  });

  it('allows 15 words a table cell, in however many sentences', () => {
    const cell = (text: string) => findingsIn([{file: 'a.md', line: 3, kind: 'cell', text}]);
    expect(cell(words(15))).toEqual([]);
    expect(cell(`${words(8)}. Word ${words(7)}.`)).toMatchObject([
      {line: 3, rule: expect.stringContaining('16 words')},
    ]);
  });

  it('lets a heading ask', () => {
    expect(findingsIn([{file: 'a.md', line: 1, kind: 'heading', text: 'What a job survives'}])).toEqual([]);
  });
});

describe('sentences', () => {
  const split = (text: string) => sentencesOf({line: 1, text}).map((sentence) => sentence.text);

  it('end at a mark, also before code, a quotation or a name in lower case', () => {
    expect(split('One. Two! `three` is set? "Four." (Five.) npm is six.')).toEqual([
      'One.',
      'Two!',
      '`three` is set?',
      '"Four."',
      '(Five.)',
      'npm is six.',
    ]);
  });

  it('do not end within a number, code, an address or after an abbreviation', () => {
    expect(
      split('It takes 3.5 s with `a. B`, e.g. Chrome (x, ...) on https://a.example/b.C today.'),
    ).toHaveLength(1);
  });

  it('have the line where they start', () => {
    expect(sentencesOf({line: 5, text: 'One\ntwo. Three\nfour. Five.'}).map(({line}) => line)).toEqual([
      5, 6, 7,
    ]);
  });
});

describe('texts of a source file', () => {
  const texts = (source: string, strings = true) =>
    sourceTexts('a.ts', source, {strings}).map(({line, text}) => [line, text]);

  it('are docblocks, without their tags, code and examples', () => {
    const source = [
      '/**',
      ' * Draws it,',
      ' * in time.',
      ' *',
      ' * @param name the name',
      ' * @throws an Error',
      ' * @example What this is.',
      ' * @returns a film',
      ' * ```',
      ' * What code.',
      ' * ```',
      ' */',
    ].join('\n');
    expect(texts(source)).toEqual([
      [2, 'Draws it,\nin time.'],
      [5, 'the name'],
      [6, 'an Error'],
      [8, 'a film'],
    ]);
  });

  it('are line comments, joined where one is below the other', () => {
    const source = '// One\n// two.\nf(); // Three.\n// Four.\n\n// biome-ignore lint/a: because\n// Five.\n';
    expect(texts(source)).toEqual([
      [1, 'One\ntwo.'],
      [3, 'Three.'],
      [4, 'Four.'],
      [7, 'Five.'],
    ]);
  });

  it('are strings that read as prose, whole, unless only comments are asked for', () => {
    const source = [
      "import {a} from 'one two three four';",
      'fail(`The file $' + '{name} is ` +',
      "  'too large to send.');",
      "run('-i in.mp4 -c copy out.mp4', 'three words only');",
    ].join('\n');
    expect(texts(source)).toEqual([[2, 'The file `…` is too large to send.']]);
    expect(texts(source, false)).toEqual([]);
  });

  it('of a script are its comments', () => {
    expect(
      hashTexts('run', '#!/bin/sh\n# One\n# two.\necho # three\n').map(({line, text}) => [line, text]),
    ).toEqual([[2, 'One\ntwo.']]);
  });

  it('of a file that cannot be parsed are an error with its name', () => {
    expect(() => texts('const = 1')).toThrow('a.ts cannot be parsed');
  });
});

it('texts of a Markdown file are paragraphs, items, headings and cells, without code blocks', () => {
  const source =
    '# A `b`\n\nOne\ntwo.\n\n- item\n\n```sh\ncode\n```\n\n| a | b |\n| - | - |\n| c | [d](e) |\n';
  expect(markdownTexts('a.md', source).map(({line, kind, text}) => [line, kind, text])).toEqual([
    [1, 'heading', 'A `b`'],
    [3, 'prose', 'One\ntwo.'],
    [6, 'prose', 'item'],
    [12, 'cell', 'a'],
    [12, 'cell', 'b'],
    [14, 'cell', 'c'],
    [14, 'cell', 'd'],
  ]);
});

describe('the list of known findings', () => {
  const found = (file: string, count: number) =>
    Array.from({length: count}, (_, line) => ({file, line, rule: 'r', text: 't'}));

  it('allows exactly its numbers', () => {
    expect(breachesOf(found('a.ts', 2), {'a.ts': 2})).toEqual([]);
    expect(breachesOf(found('a.ts', 3), {'a.ts': 2})).toMatchObject([
      {file: 'a.ts', findings: found('a.ts', 3)},
    ]);
    expect(breachesOf(found('a.ts', 1), {'a.ts': 2})).toMatchObject([
      {message: expect.stringContaining('lower the number'), findings: []},
    ]);
    expect(breachesOf([], {'gone.ts': 1})).toMatchObject([{file: 'gone.ts'}]);
    expect(breachesOf(found('new.ts', 1), {})).toMatchObject([{file: 'new.ts'}]);
  });

  it('follows what is mended or moved, and never rises', () => {
    const findings = [
      ...found('a.ts', 1),
      ...found('b.ts', 5),
      ...found('x/moved.ts', 2),
      ...found('new.ts', 1),
    ];
    const known = {'a.ts': 3, 'b.ts': 4, 'moved.ts': 2, 'clean.ts': 1};
    const files = ['a.ts', 'b.ts', 'clean.ts', 'new.ts', 'x/moved.ts'];
    expect(updated(findings, known, files)).toEqual({'a.ts': 1, 'b.ts': 4, 'x/moved.ts': 2});
  });
});
