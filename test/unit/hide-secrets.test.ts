import {describe, expect, it} from 'vitest';
import {asPathName, shownAddress} from '../../src/base/address.ts';
import {toPayload} from '../../src/base/errors.ts';
import {addressesIn, hideSecrets, withoutSecrets} from '../../src/base/hide-secrets.ts';

/** Stands for a secret. */
const S = 'SECRET';

describe('No address shows what may be a secret', () => {
  it.each([
    [`//a.example/b?sig=${S}`, '//a.example/b?…'],
    [`//me:${S}@a.example/b`, '//a.example/b'],
    [`s3://key:${S}@bucket/b.mp4`, 's3://bucket/b.mp4'],
    [`s3://bucket/b.mp4?versionId=${S}`, 's3://bucket/b.mp4?…'],
    [`redis://:${S}@cache.example:6379/0`, 'redis://cache.example:6379/0'],
    [`https://me:${S}@a.example:65536/b?sig=${S}`, 'https://…@a.example:65536/b?…'],
    [`https://me:${S}/${S}@a.example/b`, 'https://…@a.example/b'],
    [`http:\\\\me:${S}@a.example/b`, 'http://a.example/b'],
    [`http:me:${S}@a.example/b`, 'http://a.example/b'],
    [`https://a.example/b#token=${S}`, 'https://a.example/b'],
    [
      `https://proxy.example/https%3A%2F%2Fa.example%2Fb%3Fsig%3D${S}`,
      'https://proxy.example/https%3A%2F%2Fa.example%2Fb?…',
    ],
    [`/-/remote/key/reader/${asPathName(`https://a.example/b?sig='${S}'`)}`, 'https://a.example/b?…'],
    [`/api/sound?token=${S}`, '/api/sound?…'],
    [`  https://a.example/b?sig=${S}`, 'https://a.example/b?…'],
  ])('%s', (address, shown) => {
    expect(shownAddress(address)).toBe(shown);
    expect(hideSecrets(address.trim(), [address.trim()])).not.toContain(S);
  });
});

describe("Others' words show no secret of an address", () => {
  it.each([
    ['an apostrophe in it', `at https://a.example/b?x='&sig=${S} it`, 'at https://a.example/b?… it'],
    ['an apostrophe around it', `at 'https://a.example/b?sig=${S}' it`, "at 'https://a.example/b?…' it"],
    ...['`', '^', '{', '}', '|', '\\', '(', ')', '[', ']', '*', '!', ',', ';'].map((sign) => [
      `${sign} in it`,
      `at https://a.example/b?x=1${sign}sig=${S}.`,
      'at https://a.example/b?….',
    ]),
    ['no scheme', `from //a.example/b?sig=${S}, and`, 'from //a.example/b?…, and'],
    ['a password of S3', `from s3://key:${S}@bucket/b: 403`, 'from s3://bucket/b: 403'],
    ['no port there is', `<https://me:${S}@a.example:70000/b?sig=${S}>`, '<https://…@a.example:70000/b?…>'],
    [
      'another address before it',
      `https://a.example/x.js:1:2,https://me:${S}@b.example/c`,
      'https://a.example/x.js:1:2,https://b.example/c',
    ],
    [
      'JSON around it',
      `{"src":"https://a.example/b?sig=${S}","n":1}`,
      '{"src":"https://a.example/b?…","n":1}',
    ],
    ['data: without a type', `src=data:,${S} and data:;base64,${S}`, 'src=data:,… and data:;base64,…'],
    [
      'an address of ours without its host',
      `GET /-/remote/k/r/${asPathName(`https://a.example/?${S}`)} 502`,
      'GET https://a.example/?… 502',
    ],
  ])('with %s', (_, words, shown) => expect(hideSecrets(words)).toBe(shown));

  it('leaves what is no address as it is', () => {
    for (const words of [
      'at f (file:///a/node_modules/@revideo/core/index.js:1:2)',
      '// a comment',
      'a/b/c.mp4: No such file',
      'metadata: none',
      '3 // 4',
      'at f (src/a.tsx:1:2)',
    ])
      expect(hideSecrets(words)).toBe(words);
  });
});

describe('An address that was given', () => {
  const given = [
    `https://a.example/my film.mp4?sig="${S}" & more=<${S}>`,
    `https://a.example:99999/b c?sig=${S}`,
    `/own/sound.mp3?token=${S}`,
    `data:text/html,<b>${S}</b>`,
  ];

  it('is found in any depth of the variables, also as a name', () => {
    const variables = {
      list: [{src: given[0]}, [given[1]]],
      [given[2] ?? '']: 1,
      text: 'What? Why @ home?',
      data: given[3],
    };
    expect(addressesIn(variables).toSorted()).toEqual(given.toSorted());
  });

  it.each(given)('is hidden in whatever words: %s', (address) => {
    const shown = hideSecrets(`Cannot read ${address}, sorry.`, addressesIn({address}));
    expect(shown).not.toContain(S);
    expect(shown).toMatch(/^Cannot read .*…, sorry\.$/);
  });

  it('is hidden in a value that is shown as JSON, in its names too', () => {
    const shown = JSON.stringify(
      withoutSecrets({list: given, [given[0] ?? '']: {[given[2] ?? '']: 1}, plain: 'a "b" c'}),
    );
    expect(shown).not.toContain(S);
    expect(shown).toContain('"plain":"a \\"b\\" c"');
  });
});

it('An error that is not of this program is told without secrets of addresses', () => {
  const error = new TypeError(`Failed to parse URL from https://me:${S}@a.example:99999/b?sig=${S}`);
  expect(toPayload(error)).toMatchObject({
    errorType: 'Internal',
    errorMessage: expect.stringContaining('a.example'),
  });
  expect(JSON.stringify(toPayload(error))).not.toContain(S);
});
