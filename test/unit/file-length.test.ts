import {globSync, readFileSync} from 'node:fs';
import {basename} from 'node:path';
import {expect, it} from 'vitest';

/** A file of one thought is shorter. A file that grows past this is split by its thoughts. */
const LONGEST = 250;

const files = globSync('{src,test,bench,infra}/**/*.{ts,tsx,js,mjs,css,html}', {
  // Packages, what CDK makes, and what another test is making at this moment.
  exclude: (path) => /^(?:node_modules|cdk\.out|\..+)$/.test(basename(path)),
});

it(`no file has more than ${LONGEST} lines`, () => {
  const counted = files.map((file) => ({
    file,
    lines: readFileSync(file, 'utf8').trimEnd().split('\n').length,
  }));
  expect(counted.filter(({lines}) => lines > LONGEST)).toEqual([]);
  // An empty list would pass everything.
  expect(counted.length).toBeGreaterThan(700);
});
