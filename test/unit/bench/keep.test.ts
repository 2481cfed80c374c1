import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, it, onTestFinished} from 'vitest';
import {between, keep} from '../../../bench/keep.ts';

const README = 'Before\n<!-- one -->\nold\n<!-- /one -->\nbetween\n<!-- two -->\n<!-- /two -->\nafter\n';

it('keeps a report in its own place and numbers under their own keys', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'keep-test-'));
  onTestFinished(() => rm(folder, {recursive: true}));
  const [readme, json] = [join(folder, 'README.md'), join(folder, 'results.json')];
  await writeFile(readme, README);
  await keep(folder, {results: {first: 1, second: [2]}, report: {name: 'one', text: 'figures'}});
  // A named part of an earlier measurement goes if this one has not measured it.
  await keep(folder, {results: {second: undefined, third: 3}, report: {name: 'two', text: 'more'}});
  expect(JSON.parse(await readFile(json, 'utf8'))).toEqual({first: 1, third: 3});
  expect(await readFile(readme, 'utf8')).toBe(
    'Before\n<!-- one -->\n\nfigures\n\n<!-- /one -->\nbetween\n<!-- two -->\n\nmore\n\n<!-- /two -->\nafter\n',
  );
});

it('puts the same report in its place twice without a trace', () => {
  const report = {name: 'two', text: '$& is no pattern'};
  expect(between(between(README, report), report)).toBe(between(README, report));
});

it('says which place is missing', () => {
  expect(() => between(README, {name: 'three', text: ''})).toThrow('<!-- three -->');
});
