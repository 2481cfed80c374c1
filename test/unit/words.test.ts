import fc from 'fast-check';
import {expect, it} from 'vitest';
import {escapedText, firstLine, shownText} from '../../src/base/words.ts';

it.each([
  ['\u001b]0;pwned\u0007title', 'title'],
  ['\u001b[2J\u001b[31mred', 'red'],
  ['a\u009b31mb', 'ab'],
  ['one\r\ntwo\rthree', 'one\ntwo three'],
  ['name\u202egpj.exe', 'namegpj.exe'],
  ['👩‍🚀 ünïcödé\tstays', '👩‍🚀 ünïcödé\tstays'],
])('%j is shown as %j', (text, shown) => {
  expect(shownText(text)).toBe(shown);
});

it('lets through nothing that steers a terminal, whatever it is given', () => {
  fc.assert(
    fc.property(fc.string({unit: 'binary'}), (text) => {
      expect(shownText(text)).not.toMatch(/[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]/u);
      expect(firstLine(text)).not.toMatch(/\p{Cc}/u);
      expect(escapedText(text)).not.toMatch(/[^\P{Cc}\n\t]|\p{Bidi_Control}/u);
      expect(JSON.parse(escapedText(JSON.stringify(text)))).toBe(text);
    }),
  );
});
