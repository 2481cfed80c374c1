import {expect, test} from 'vitest';
import {x264} from '../../src/model/encoding.ts';
import {contentHash} from '../../src/model/keys.ts';
import {ENCODINGS, QUALITIES} from '../../src/model/quality.ts';

const hashOf = (encoding: (typeof ENCODINGS)[keyof typeof ENCODINGS]) =>
  contentHash({fingerprint: 'f', variables: {}, encoding, frameHashes: false});

test.each(QUALITIES)('the encoding of %s is plain data', (quality) => {
  const encoding = ENCODINGS[quality];
  expect(JSON.parse(JSON.stringify(encoding))).toEqual(encoding);
  expect(encoding).toMatchObject({codec: 'h264', backend: expect.stringMatching(/^(browser|x264)$/)});
});

test('every setting names other content, and the order of settings does not', () => {
  const one = x264({preset: 'slow', rateFactor: 19});
  const others = Object.entries(one.settings).map(([name, value]) => {
    const other = typeof value === 'number' ? value + 1 : 'medium';
    return {...one, settings: {...one.settings, [name]: other}};
  });
  const hashes = [one, ...others, ENCODINGS.cheapest].map(hashOf);
  expect(new Set(hashes).size).toBe(7);
  const settings = Object.fromEntries(Object.entries(one.settings).toReversed()) as typeof one.settings;
  expect(hashOf({settings, backend: 'x264', codec: 'h264'})).toBe(hashes[0]);
});
