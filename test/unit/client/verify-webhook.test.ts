import fc from 'fast-check';
import {expect, it} from 'vitest';
import {type ReceivedWebhook, verifyWebhook} from '../../../src/apps/client/index.ts';
import {digest, signatureOf} from '../../../src/observers/webhook/sign.ts';

const secret = 'sixteen letters, at least';
const body = '{"id":"film-1-success","type":"success"}';
const refused = (change: Partial<ReceivedWebhook>) => () =>
  verifyWebhook({body, signature: signatureOf(body, secret), secret, ...change});

it('a webhook that was signed just now is read, as text and as bytes', () => {
  for (const given of [body, Buffer.from(body)])
    expect(refused({body: given})()).toMatchObject({type: 'success'});
});

it('the signature is HMAC-SHA256 over the second and the body, as others compute it', () => {
  // printf '1700000000.{}' | openssl dgst -sha256 -hmac 'sixteen letters, at least'
  expect(digest({t: 1_700_000_000, body: '{}', secret})).toBe(
    'd1973bab67f7324b91dadbcf1c27e0529b04920e43b50578394146ff00c9ef0c',
  );
});

it('any other body, or any other signature, is refused', () => {
  fc.assert(
    fc.property(fc.string(), (other) => {
      fc.pre(other !== body);
      expect(refused({body: other})).toThrow('not signed with this secret');
      expect(refused({signature: other})).toThrow('has no X-Revideo-Signature');
    }),
  );
  const signature = signatureOf(body, secret);
  for (const other of [undefined, null, [signature, signature], `${signature},v1=${'0'.repeat(64)}`, ''])
    expect(refused({signature: other})).toThrow('has no X-Revideo-Signature');
});

it('one that somebody has kept, or that is of the future, is refused', () => {
  const at = (seconds: number) => signatureOf(body, secret, Date.now() + seconds * 1000);
  for (const seconds of [-400, 400]) expect(refused({signature: at(seconds)})).toThrow('300 are allowed');
  expect(refused({signature: at(-400), toleranceSeconds: 500})).not.toThrow();
});

it.each<[Partial<ReceivedWebhook>, string]>([
  [{secret: ''}, 'secret cannot be used; it must be 16 to 256 characters'],
  [{secret: 'fifteen letters'}, 'secret cannot be used'],
  [{secret: undefined as unknown as string}, 'secret cannot be used'],
  [{toleranceSeconds: Number.NaN}, 'toleranceSeconds cannot be used; it must be a number of seconds from 0'],
  [{toleranceSeconds: Infinity}, 'toleranceSeconds cannot be used'],
  [{toleranceSeconds: -1}, 'toleranceSeconds cannot be used'],
  [{toleranceSeconds: '300' as unknown as number}, 'toleranceSeconds cannot be used'],
])('what would let every webhook pass, or none, is a mistake of the caller: %j', (change, message) => {
  const old = signatureOf(body, change.secret ?? secret, Date.now() - 1e9);
  expect(refused({signature: old, ...change})).toThrow(TypeError);
  expect(refused({signature: old, ...change})).toThrow(message);
});
