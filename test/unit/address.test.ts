import {describe, expect, it} from 'vitest';
import {shownAddress} from '../../src/base/address.ts';
import {hideSecrets} from '../../src/base/hide-secrets.ts';

describe('An address is shown', () => {
  it.each([
    ['https://a.example/b.mp4?X-Amz-Signature=secret#c', 'https://a.example/b.mp4?…'],
    ['http://me:secret@a.example:8080/b', 'http://a.example:8080/b'],
    ['wss://me:secret@a.example/b?token=secret', 'wss://a.example/b?…'],
    ['data:audio/wav;base64,secret', 'data:audio/wav;base64,…'],
    ['/music.mp3', '/music.mp3'],
    [
      `http://127.0.0.1:1/-/remote/key/reader/${encodeURIComponent('https://a.example/b?sig=secret')}`,
      'https://a.example/b?…',
    ],
    ['http://127.0.0.1:1/-/remote/key/reader/%', '…'],
    ['file:///music.mp3', 'file:///music.mp3'],
  ])('without what may be a secret: %s', (address, shown) => expect(shownAddress(address)).toBe(shown));

  it('in part if it is long', () => {
    expect(shownAddress('a'.repeat(10_000)).length).toBeLessThan(600);
    expect(shownAddress(`https://a.example/${'b'.repeat(10_000)}`).length).toBeLessThan(600);
  });
});

describe("Others' words are shown", () => {
  it.each([
    [
      "Access to fetch at 'https://a.example/b?sig=secret' from origin 'null' has been blocked",
      "Access to fetch at 'https://a.example/b?…' from origin 'null' has been blocked",
    ],
    ['at f (https://me:secret@a.example/a.js:12:9)', 'at f (https://a.example/a.js:12:9)'],
    ['Failed: http://a/?secret.', 'Failed: http://a/?….'],
    [
      '[https @ 0x1] HTTP error 403\nhttps://a.example/b?sig=secret: Server returned 403',
      '[https @ 0x1] HTTP error 403\nhttps://a.example/b?…: Server returned 403',
    ],
    [
      `GET http://127.0.0.1:1/-/remote/key/reader/${encodeURIComponent('https://a.example/b?sig=secret')} 502`,
      'GET https://a.example/b?… 502',
    ],
    ['src=data:image/png;base64,secret==', 'src=data:image/png;base64,…'],
    ['wss://a/b?secret and http://c/d?secret', 'wss://a/b?… and http://c/d?…'],
    ['metadata: title, and a text: none', 'metadata: title, and a text: none'],
  ])('without what may be a secret in an address: %s', (words, shown) =>
    expect(hideSecrets(words)).toBe(shown),
  );
});
