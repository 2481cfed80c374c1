/** Has everything that foreign text meets read a megabyte of it, one after the other. A program of its own. */

import {Log} from '../../local-lambda/log.ts';
import {answerHttp} from '../../src/apps/handler/http.ts';
import {SHOWN} from '../../src/apps/page/files.ts';
import {remoteAddress, shownAddress} from '../../src/base/address.ts';
import {fromPayload, toPayload, toRenderError} from '../../src/base/errors.ts';
import {addressesIn, hideSecrets, withoutSecrets} from '../../src/base/hide-secrets.ts';
import {cleanWarnings} from '../../src/base/warnings.ts';
import {escapedText, firstLine, shownText} from '../../src/base/words.ts';
import {readReport} from '../../src/engines/lambda/report-line.ts';
import {parseEvent} from '../../src/model/parse-event.ts';
import {html} from '../../src/observers/report/html.ts';
import {toPageError} from '../../src/renderers/revideo/page-error.ts';
import {publicFile} from '../../src/renderers/revideo/public-file.ts';
import {readRange} from '../../src/renderers/revideo/remote/byte-range.ts';
import {toUnreadable} from '../../src/renderers/revideo/remote/unreadable.ts';
import {readStack} from '../../src/renderers/revideo/source-position.ts';

/** Characters of a hostile text. Code whose time grows with the square of the length takes minutes for it. */
const LENGTH = 1_000_000;
/** Text, again and again up to the length, and an end that is not what the text promises. */
const long = (text: string, end = '') => text.repeat(Math.ceil(LENGTH / text.length)).slice(0, LENGTH) + end;

/**
 * Texts that are hard for patterns whose two parts can match the same, and repeated texts that patterns look
 * for.
 */
const TEXTS: Record<string, string> = {
  letters: long('a', '\u0000'),
  dots: long('.', ' '),
  spaces: long(' ', 'x\n'),
  'spaces in a header': `Bearer ${long(' ', '\n')}`,
  brackets: `http://a/${long(')', 'x')}`,
  'letters and dots': long('a.', '\n'),
  slashes: long('/'),
  'addresses in a word': long('http://a'),
  'addresses with users': long('http://a:b@c,'),
  'addresses with queries': long('https://a/?b '),
  'half schemes': long('http:'),
  schemes: long('a+-.', '://b?c'),
  'one address': `https://a/${long('b')}?c`,
  'one query': `https://a/?${long("'")}`,
  'one user': `https://${long('b:')}@c`,
  'data:': long('data:'),
  'data: with types': long('data:a/b'),
  'places in scripts': long('http://127.0.0.1:1/-/a.js:1:1 '),
  'half places': long('http://127.0.0.1:1/-/a.js.js'),
  'paths of scripts': `http://127.0.0.1:1/-/${long('a.js/')}`,
  digits: `http://127.0.0.1:1/-/a.js:${long('1')}`,
  escapes: long('\u001b'),
  'escapes that go on': `\u001b]${long(';a')}`,
  'escapes of signs': `\u001b${long('[;?#')}`,
  'escapes of numbers': long('\u001b[1;'),
  'control characters': long('\u0085\u202e'),
  entities: long('&<"'),
  percents: long('%3'),
  remotes: long('/-/remote/'),
  reports: long('REPORT RequestId: \tDuration: '),
  tags: long('<pre><code>'),
  braces: long('[{'),
  lines: long('\n'),
};

const place = {
  folder: '/nowhere',
  server: {
    origin: 'http://127.0.0.1:1',
    page: 'http://127.0.0.1:1/-/index.html',
    diskFailure: () => undefined,
  } as never,
  hide: (text: string) => hideSecrets(text, ['https://a.example/b?c']),
};

/** Everything that text of customers, pages and servers meets. Errors are answers too. */
const READERS: Record<string, (text: string) => unknown> = {
  'an address in a message': shownAddress,
  'an address of another server': (text) => remoteAddress(text, 'http://127.0.0.1:1/'),
  'a masked text': (text) => hideSecrets(text),
  'a masked text with known addresses': (text) =>
    hideSecrets(text, [text.slice(0, 8_000), '/?/?/?/?', 'https://a/?b']),
  'known addresses': (text) => addressesIn({[text]: [text, text.slice(0, 10_000)]}),
  'an event in a report': (text) => withoutSecrets({[text]: [text]}),
  'a report': (text) => html`<p title="${text}">${text}</p>`,
  'a terminal': (text) => [shownText(text), firstLine(text), escapedText(text)],
  warnings: (text) => cleanWarnings([text, `${text}!`]),
  'an error': (text) => toPayload(toRenderError(Object.assign(new Error(text), {stack: text}))),
  "an invocation's error": (text) => fromPayload({errorType: text, errorMessage: text, trace: [text]}),
  "a page's error": (text) =>
    toPageError({kind: 'scene', message: text, stack: text, scene: text, frame: 1}, place),
  "a page's stack": (text) => readStack(text, {folder: '/nowhere', address: 'http://127.0.0.1:1/-/'}),
  "a server's error": (text) => toUnreadable(new Error(text)),
  'a header with a range': (text) => readRange(text, 10),
  'a header with a secret': (text) =>
    answerHttp({requestContext: {}, headers: {authorization: text}, body: text} as never, async () => ({}), {
      secret: 'x'.repeat(16),
    }),
  'an event': (text) =>
    parseEvent({
      jobType: 'fullRender',
      jobId: text,
      variables: {[text]: text},
      output: {bucket: text, key: text},
      [text]: 1,
    }),
  'a name of a file': (text) => publicFile(text, '/nowhere'),
  "a page's path": (text) => SHOWN.test(`renders/${text}`),
  "a function's last line": (text) => readReport(text),
  "a function's output": (text) => {
    const log = new Log(() => {}, {functionName: 'f', logStreamName: 's'});
    const pieces: ((chunk: Buffer) => void)[] = [];
    log.follow({on: (_: string, take: (chunk: Buffer) => void) => pieces.push(take)} as never);
    for (let at = 0; at < text.length; at += 1_000) pieces[0]?.(Buffer.from(text.slice(at, at + 1_000)));
    log.flush();
  },
};

// Says each name when it is done: who started this ends it, and sees what it was at.
for (const [name, read] of Object.entries(READERS)) {
  for (const text of Object.values(TEXTS)) {
    try {
      await read(text);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
    }
  }
  console.log(name);
}
console.log('all');
