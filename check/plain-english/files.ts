import {execFileSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {markdownTexts} from './markdown.ts';
import {hashTexts, sourceTexts} from './source.ts';
import type {Text} from './text.ts';

// Films that tests and benchmarks render, and texts that a program or another author wrote.
const LEFT_OUT = /(?:^|\/)(?:projects|licen[cs]es|generated|node_modules)\/|LICEN[CS]E|NOTICE|\.generated\./i;
// Strings of tests are names of tests and samples, not messages to a user.
const COMMENTS_ONLY = /^(?:test|\.ci)\//;

/** Lists the files of the repository that are checked, sorted. Needs git. */
export function checkedFiles(root: string): string[] {
  const output = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  const missing = execFileSync('git', ['ls-files', '-z', '--deleted'], {cwd: root, encoding: 'utf8'});
  const deleted = new Set(missing.split('\0'));
  return [...new Set(output.split('\0'))].filter((file) => readerOf(file) && !deleted.has(file)).sort();
}

/** Reads the prose of one file; the path is from the root. */
export function textsOf(root: string, file: string): Text[] {
  return readerOf(file)?.(file, readFileSync(join(root, file), 'utf8')) ?? [];
}

function readerOf(file: string): ((file: string, source: string) => Text[]) | undefined {
  if (LEFT_OUT.test(file)) return undefined;
  if (/\.md$/.test(file)) return markdownTexts;
  if (/\.(?:[cm]?[jt]s|[jt]sx)$/.test(file)) {
    return (path, source) => sourceTexts(path, source, {strings: !COMMENTS_ONLY.test(path)});
  }
  if (/(?:^|\/)Dockerfile[^/]*$|\.sh$|^\.ci\/run$/.test(file)) return hashTexts;
  return undefined;
}
