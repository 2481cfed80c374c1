import {REMOTE, shownAddress} from './address.ts';

/**
 * Words that may contain an address in another program's message. An unquoted address contains none of the
 * excluded characters.
 */
const WORDS = /[^\s"<>]+/g;
/** Where an address begins that has a host, and one that holds what it stands for. */
const HOST = '//';
const DATA = /\bdata:[\w.+-]*(?:\/[\w.+-]*)?[;,]/i;
/** Characters of a scheme at most (`chrome-extension` has 16): looked for backwards, and no further. */
const SCHEME = 32;
/** Characters that end a sentence or a quotation, or follow an address in a stack: `(http://x/y.js:1:2).` */
const ENDS = new Set("),.;:]}'`*_!|\\");

/**
 * Text of others as a message may show it: every address in it is shown as `shownAddress` shows it. An address that is
 * not known ends at a space or a double quote at the latest: rather too much is hidden than too little. Takes time
 * in proportion to the text's length.
 *
 * @param known exact addresses that may be in the text; the function finds them whatever characters they
 * contain
 */
export function hideSecrets(text: string, known: readonly string[] = []): string {
  const longestFirst = known.filter((address) => address !== '').toSorted((a, b) => b.length - a.length);
  const hidden = longestFirst.reduce(
    (left, address) => left.replaceAll(address, () => shownAddress(address)),
    text,
  );
  return hidden.replace(WORDS, hideInWord);
}

/** The most addresses in one word that are looked at. A longer list is not something a person wrote. */
const IN_A_WORD = 100;

/** Addresses side by side, such as in a list with commas, are shown one by one up to the first that has a query. */
function hideInWord(word: string): string {
  const data = DATA.exec(word);
  const [begins, ...others] = beginnings(data ? word.slice(0, data.index) : word);
  if (begins === undefined) {
    if (!data) return word;
    return word.slice(0, data.index) + shownToEnd(word.slice(data.index));
  }
  const ends = [...others, data?.index ?? word.length, word.length];
  let shown = word.slice(0, begins);
  for (let index = 0, from = begins; from < word.length; index++) {
    const to = ends[index] ?? word.length;
    const address = word.slice(from, to);
    // Whatever follows a query may be part of it.
    if (/[?#]/.test(address)) return shown + shownToEnd(word.slice(from));
    shown += shownToEnd(address);
    from = to;
    if (index === IN_A_WORD) return `${shown}…`;
  }
  return shown;
}

/** Where addresses with a host begin, with their schemes if they have one, and paths of ours that hold an address. */
function beginnings(word: string): number[] {
  const found: number[] = [];
  for (let at = word.indexOf(HOST); at >= 0 && found.length <= IN_A_WORD; at = word.indexOf(HOST, at + 2))
    found.push(schemeBefore(word, at));
  const ours = word.indexOf(REMOTE);
  return found.length === 0 && ours >= 0 ? [ours] : found;
}

function schemeBefore(word: string, host: number): number {
  if (word[host - 1] !== ':') return host;
  let begins = host - 1;
  while (begins > 0 && host - begins < SCHEME && /[\w+.-]/.test(word[begins - 1] ?? '')) begins--;
  return begins;
}

function shownToEnd(address: string): string {
  let end = address.length;
  while (end > 0 && ENDS.has(address[end - 1] ?? '')) end--;
  return shownAddress(address.slice(0, end)) + address.slice(end);
}

/** Addresses that are known at most; characters of one, at least and at most. */
const [MOST, SHORTEST, LONGEST] = [1_000, 8, 16_000];

/**
 * The addresses in a customer's input, at any depth: strings with a secret part that must be hidden as a
 * whole.
 */
export function addressesIn(given: unknown): string[] {
  const found = new Set<string>();
  const left: unknown[] = [given];
  while (left.length > 0 && found.size < MOST) {
    const value = left.pop();
    if (typeof value === 'string') {
      if (value.length >= SHORTEST && value.length <= LONGEST && holdsSecret(value)) found.add(value);
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, inside] of Object.entries(value)) left.push(key, inside);
    }
  }
  return [...found];
}

/** One address, with a part that is not shown. */
const holdsSecret = (text: string): boolean =>
  /^(?:[a-z][a-z\d+.-]{0,31}:|[\\/])/i.test(text) && /[?#@]|^data:/i.test(text);

/** A value of JSON as it may be passed on: in its strings and in its names, every address is shown without its secrets. */
export function withoutSecrets(value: unknown): unknown {
  if (typeof value === 'string') return hideSecrets(value, addressesIn(value));
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inside]) => [
      hideSecrets(name, addressesIn(name)),
      withoutSecrets(inside),
    ]),
  );
}
