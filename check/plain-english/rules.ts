import type {Text} from './text.ts';
import {mask, sentencesOf, wordsIn} from './text.ts';

/** A place where a rule is broken. */
export interface Finding {
  readonly file: string;
  readonly line: number;
  /** Names the fault and the words to write instead. */
  readonly rule: string;
  readonly text: string;
}

/** Words of a sentence at most. Writers aim at 22. */
export const SENTENCE_WORDS = 25;
/** Words of a table cell at most. Writers aim at 12. */
export const CELL_WORDS = 15;

interface Rule {
  readonly pattern: RegExp;
  readonly advice: string;
}

/** How a statement may not start. A question may. */
const OPENINGS: readonly Rule[] = [
  {pattern: /^["(]?(?:What|That which)\b/, advice: 'starts with "What": start with the noun it stands for'},
  {pattern: /^["(]?Who(?:se|m)?\b/, advice: 'starts with "Who": name the actor'},
  {pattern: /^["(]?Of\b(?! course)/, advice: 'starts with "Of": start with the subject'},
  {pattern: /^["(]?To which\b/, advice: 'starts with "To which": start with the subject'},
  {
    pattern: /^["(]?(?:Nor|Never|Only then|Not until)\b.* (?:is|are|does|do|has|have|may|can)\b/,
    advice: 'is inverted: subject first',
  },
  {pattern: /^["(]?(?:Had|Were|Should)\b/, advice: 'is inverted: write "If …"'},
];

/** Phrases that few people use, with the common ones. */
const PHRASES: readonly Rule[] = [
  {pattern: /\bwho(?:ever|mever)\b/i, advice: '"whoever": name the actor'},
  {
    pattern: /\bwhatever (?:is|was|has|had|it|they|else|becomes?|became|comes?|runs?)\b/i,
    advice: '"whatever": write "anything that" or name it',
  },
  {
    pattern: /\b(?:of|for|to|with|from|in|by|than|but) what (?:is|are|was|were|has|have|had|can|may)\b/i,
    advice: '"of what is": name the thing',
  },
  {pattern: /\btold\b/i, advice: '"told": write "notified", "configured" or "by default"'},
  {pattern: /\bhear[sd]?\b/i, advice: '"hear": write "receive" or "notify"'},
  {
    pattern:
      /(?:^|[,;:] |\b(?:and|or|but|that|which|what|how|if|when|where|as|than|because|before|after|until) )one (?:must|may|can|cannot|has to|needs|should|wants|sees|knows|does)\b/i,
    advice: '"one" as the subject: name the actor',
  },
  {pattern: /\b(?:some|any|every|no)body\b/i, advice: '"somebody", "nobody": name the actor'},
  {
    pattern: /\b(?<!\bthere )(?:is|are|was|were|be|that|which) none\b/i,
    advice: '"is none": write "is not a …"',
  },
  {pattern: /\blet(?:s|ting)? go of\b/i, advice: '"lets go of": write "releases" or "closes"'},
  {pattern: /\bbec[ao]mes? of\b/i, advice: '"what became of": write "the result of" or "the state of"'},
  {pattern: /\b(?:this|that|these|those|the) very\b/i, advice: '"the very": leave "very" out'},
  {
    pattern:
      /\b(?:heed|lest|hitherto|thereof|therein|thereby|wherein|whereof|henceforth|anew|amidst?|midst|upon|whence|hence|thence|thus|reckon|forthwith|beforehand|save for)s?\b/i,
    advice: 'an old word: write the common one',
  },
  {pattern: /\bfor ever\b/i, advice: '"for ever": write "forever"'},
  {pattern: /\bso many\b(?!.*\bthat\b)/i, advice: '"so many": write "this many" or the number'},
  {pattern: /\bcan(?:not)? be helped\b/i, advice: '"can be helped": name the fault and its retry'},
  {pattern: /\bsigns? of life\b/i, advice: '"sign of life": write "heartbeat"'},
  {pattern: /\b(?:go|goes|going|went) on (?:with|where|in)\b/i, advice: '"goes on with": write "continues"'},
  {
    pattern: /\ball that (?:is|are|was|has|have|may|can|it|they|the|a)\b/i,
    advice: '"all that": write "everything that"',
  },
  {pattern: /\b(?:is|are|was|were) to be\b/i, advice: '"is to be": write "must be" or "will be"'},
  {pattern: /\bpieces? of work\b/i, advice: '"piece of work": write "chunk", "task" or "job"'},
  {pattern: /\b(?:he|him|his)\b/i, advice: '"he": write "they", or name the actor'},
  {pattern: /\bbe had\b/i, advice: '"be had": write "is available"'},
  {pattern: /\basked of\b/i, advice: '"asked of": write "requested from"'},
  {
    pattern: /\b(?:say|says|said|know|knows|known|tells?|learns?|learnt) of\b/i,
    advice: '"says of": write "says about"',
  },
  {pattern: /\bbut for\b/i, advice: '"but for": write "except"'},
  {pattern: /\b(?:all|nothing|none) but\b/i, advice: '"all but", "nothing but": write "all except", "only"'},
  {
    pattern: /\b(?:com(?:e|es|ing)|came) to (?:an|its|their) end\b/i,
    advice: '"comes to an end": write "ends"',
  },
  {pattern: /\bno more(?=[.,;:)]|$)/i, advice: '"no more": write "no longer" or "no further"'},
  {pattern: /\bless (?:its|their|the|those|what)\b/i, advice: '"less its": write "without its"'},
];

/** Finds every place of the texts where a rule of plain English is broken. */
export function findingsIn(texts: readonly Text[]): Finding[] {
  return texts.flatMap((text) => [
    ...(text.kind === 'cell' ? cellFindings(text) : []),
    ...proseFindings(text),
  ]);
}

function cellFindings({file, line, text}: Text): Finding[] {
  const words = wordsIn(mask(text));
  return words > CELL_WORDS
    ? [{file, line, rule: `a table cell has ${words} words, ${CELL_WORDS} are allowed`, text}]
    : [];
}

function proseFindings(text: Text): Finding[] {
  return sentencesOf(text).flatMap((sentence) => {
    const words = wordsIn(sentence.plain);
    const openings = text.kind === 'heading' || sentence.plain.endsWith('?') ? [] : OPENINGS;
    const rules = [...openings, ...PHRASES]
      .filter(({pattern}) => pattern.test(sentence.plain))
      .map(({advice}) => advice);
    // A cell is judged as a whole.
    if (text.kind !== 'cell' && words > SENTENCE_WORDS) {
      rules.unshift(`a sentence has ${words} words, ${SENTENCE_WORDS} are allowed`);
    }
    return rules.map((rule) => ({file: text.file, line: sentence.line, rule, text: sentence.text}));
  });
}
