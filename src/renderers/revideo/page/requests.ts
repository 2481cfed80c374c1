import {shownAddress} from '../../../base/address.ts';
import {isRerouted, throughServer} from './remote.ts';

declare global {
  interface Window {
    /** Given by Node: a sentence for each style sheet, font and script that could not be read. */
    unreadableFiles?: () => Promise<string[]>;
  }
}

/** Sentences about what a project has fetched by itself in vain, the newest last. */
const failures: Promise<string>[] = [];
/** How many of them are kept. */
const KEPT = 3;

/**
 * Errors that do not name their address: those of `fetch`, XMLHttpRequest's libraries, FontFace, `import`.
 */
const NAMELESS = /network ?error|failed to fetch|load failed/i;

/**
 * Makes errors of `fetch` and XMLHttpRequest name the address and the reason, which browsers keep to themselves. To be
 * called before the project's own code runs.
 */
export function nameFetches(): void {
  const native = window.fetch;
  const explain = async (address: string, method: string) => {
    const sentence = `${shownAddress(address)} cannot be fetched: ${await reasonOf(address, {method, native})}.`;
    return sentence;
  };
  const keep = (sentence: Promise<string>) => {
    failures.push(sentence);
    if (failures.length > KEPT) failures.shift();
    return sentence;
  };
  window.fetch = async (input, init) => {
    try {
      return await native(input, init);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      const given = input instanceof Request ? input.url : String(input);
      const method = init?.method ?? (input instanceof Request ? input.method : 'GET');
      if (!URL.canParse(given, location.href)) throw error;
      const sentence = await keep(explain(new URL(given, location.href).href, method));
      // The error itself knows where in the project it was asked for.
      const stack = error.stack?.replace(error.message, () => sentence);
      throw Object.assign(error, {message: sentence, ...(stack && {stack})});
    }
  };
  const {open} = XMLHttpRequest.prototype;
  XMLHttpRequest.prototype.open = function (this: XMLHttpRequest, ...given: unknown[]) {
    const [method, address] = given.map(String);
    this.addEventListener('error', () => {
      if (!address || !URL.canParse(address, location.href)) return;
      void keep(explain(new URL(address, location.href).href, method ?? 'GET'));
    });
    open.apply(this, given as Parameters<typeof open>);
  } as typeof open;
}

/** Why an address could not be fetched, in words that go behind a colon. */
async function reasonOf(
  address: string,
  {method, native}: {method: string; native: typeof fetch},
): Promise<string> {
  const unknown = 'no answer, or one without the CORS header Access-Control-Allow-Origin';
  // Our server asks once more, which must do nothing at the other one.
  if (!isRerouted(address) || !/^(get|head)$/i.test(method)) return unknown;
  const answer = await native(throughServer(address), {headers: {range: 'bytes=0-0'}}).catch(() => undefined);
  if (!answer) return unknown;
  const said = answer.ok ? '' : await answer.text();
  const isAnswered = answer.ok || /^(the|its) server (says|has sent a web page)/.test(said);
  if (!isAnswered) return said;
  return `its server does not allow it: the answer has no CORS header Access-Control-Allow-Origin${said && ` (${said})`}`;
}

/** Files that could not be read, as sentences behind an error that names none. */
export async function unreadFiles(message: string): Promise<{sentences: string; isMedia: boolean}> {
  if (!NAMELESS.test(message)) return {sentences: '', isMedia: false};
  const fetched = await Promise.all(failures);
  const files = (await window.unreadableFiles?.()) ?? [];
  const sentences = [...files, ...fetched].filter((sentence) => !message.includes(sentence)).join(' ');
  return {sentences, isMedia: files.length > 0};
}
