import {expect, test} from 'vitest';
import {columns} from '../../src/apps/cli/columns.ts';
import {dollars} from '../../src/base/words.ts';

test('numbers stand at the right of their column, words at the left', () => {
  const rows = [
    ['workers', 'cost', ''],
    ['1', '$0.5', 'a'],
    ['10', '?', 'longer'],
  ];
  expect(columns(rows)).toEqual(['workers  cost', '      1  $0.5  a', '     10     ?  longer']);
  expect(columns([])).toEqual([]);
});

test.each([
  [0, '$0.00'],
  [0.000000712, '$0.000000712'],
  [0.00423, '$0.00423'],
  [0.5, '$0.500'],
  [12.345, '$12.35'],
  [1234, '$1,234.00'],
])('%d dollars are %s', (amount, text) => expect(dollars(amount)).toBe(text));
