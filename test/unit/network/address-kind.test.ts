import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {isLoopback, kindOf, readIp} from '../../../src/base/network/address-kind.ts';

const kind = (text: string) => {
  const ip = readIp(text);
  if (!ip) throw new Error(`${text} is no address.`);
  return kindOf(ip);
};

/** The ways to write an IPv4 address in IPv6 that lead to it. */
const embedded = ([a, b, c, d]: number[]): string[] => {
  const hex = (high = 0, low = 0) => ((high << 8) | low).toString(16);
  const [first, last] = [hex(a, b), hex(c, d)];
  return [
    `::ffff:${a}.${b}.${c}.${d}`,
    `::ffff:${first}:${last}`,
    `0:0:0:0:0:ffff:${first}:${last}`,
    `::FFFF:${first.toUpperCase()}:${last.toUpperCase()}`,
    `::ffff:0:${first}:${last}`,
    `64:ff9b::${first}:${last}`,
    `2002:${first}:${last}::`,
    `2002:${first}:${last}::1`,
  ];
};
const byte = fc.integer({min: 0, max: 255});
const ipv4 = (...start: number[]) =>
  fc
    .array(byte, {minLength: 4 - start.length, maxLength: 4 - start.length})
    .map((rest) => [...start, ...rest]);

describe('An address', () => {
  it.each([
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.1',
    '192.0.2.1',
    '192.168.1.1',
    '198.18.0.1',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '100::1',
    'fc00::1',
    'fd12:3456::1',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'ff02::1',
    '2001::1',
    '2001:db8::1',
    '4000::1',
  ])('is private: %s', (address) => expect(kind(address)).toBe('private'));

  it.each([
    '169.254.169.254',
    '169.254.170.2',
    '169.254.170.23',
    '169.254.100.1',
    'fd00:ec2::254',
    'fd00:ec2::23',
    '168.63.129.16',
    '100.100.100.200',
  ])('is never reached: %s', (address) => expect(kind(address)).toBe('never'));

  it.each([
    '1.1.1.1',
    '8.8.8.8',
    '172.15.0.1',
    '172.32.0.1',
    '52.216.0.1',
    '2606:4700::1111',
    '2600:9000::1',
  ])('is public: %s', (address) => expect(kind(address)).toBe('public'));

  it('is what it leads to, however IPv6 wraps it', () => {
    fc.assert(
      fc.property(ipv4(), (bytes) => {
        const plain = kind(bytes.join('.'));
        for (const address of embedded(bytes)) expect([address, kind(address)]).toEqual([address, plain]);
      }),
    );
  });

  it.each([
    [[127], 'private'],
    [[10], 'private'],
    [[192, 168], 'private'],
    [[0], 'private'],
    [[169, 254], 'never'],
  ] as const)('of a range is what the range is: %s', (start, expected) => {
    fc.assert(
      fc.property(ipv4(...start), (bytes) => {
        for (const address of [bytes.join('.'), ...embedded(bytes)]) expect(kind(address)).toBe(expected);
      }),
    );
  });

  it('is what a browser and fetch make of it, in every spelling of a number', () => {
    const spell = fc.constantFrom(10, 8, 16).map((base) => (value: number) => {
      const prefix = {10: '', 8: '0', 16: '0x'}[base] ?? '';
      return prefix + value.toString(base);
    });
    fc.assert(
      fc.property(
        ipv4(),
        spell,
        fc.integer({min: 1, max: 4}),
        ([a = 0, b = 0, c = 0, d = 0], write, count) => {
          const whole = ((a * 256 + b) * 256 + c) * 256 + d;
          const parts =
            {1: [whole], 2: [a, whole % 2 ** 24], 3: [a, b, c * 256 + d], 4: [a, b, c, d]}[count] ?? [];
          const {hostname} = new URL(`http://${parts.map(write).join('.')}:8080/`);
          expect(kind(hostname)).toBe(kind([a, b, c, d].join('.')));
        },
      ),
    );
  });

  it('is none in any other spelling: it is looked up, and what is found is looked at', () => {
    for (const text of [
      '127.1',
      '2130706433',
      '0x7f000001',
      '0177.0.0.1',
      '127.0.0.1.',
      'localhost',
      '',
      '1.2.3',
    ]) {
      expect(readIp(text)).toBeUndefined();
    }
  });

  it.each(['127.0.0.1', '127.9.9.9', '0.0.0.0', '::1', '::', '::ffff:127.0.0.1'])(
    'is this machine: %s',
    (text) => {
      const ip = readIp(text);
      expect(ip && isLoopback(ip)).toBe(true);
    },
  );
});
