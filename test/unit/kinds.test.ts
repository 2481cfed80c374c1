import {globSync} from 'node:fs';
import {expect, it} from 'vitest';

it('every test file lies in the folder of a kind, where a command runs it', () => {
  const files = globSync('test/**/*.test.ts', {exclude: ['test/projects/**']});
  expect(files.length).toBeGreaterThan(150);
  expect(files.filter((file) => !/^test\/(unit|media|browser|system)\//.test(file))).toEqual([]);
});
