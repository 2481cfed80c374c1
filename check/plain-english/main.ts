/**
 * Checks that docs, comments, messages and help texts are in plain English. Part of `npm run check`.
 *
 *     node check/plain-english/main.ts                 fails for findings that known.json does not allow
 *     node check/plain-english/main.ts --all [path…]   prints every finding, also known ones
 *     node check/plain-english/main.ts --rooms         prints the number of findings per folder
 *     node check/plain-english/main.ts --update        lowers the numbers of known.json and follows moved files
 *
 * Without known.json, `--update` writes one that allows everything there is.
 */
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {checkedFiles, textsOf} from './files.ts';
import type {Known} from './ratchet.ts';
import {breachesOf, updated} from './ratchet.ts';
import type {Finding} from './rules.ts';
import {findingsIn} from './rules.ts';

/** Findings that are printed of one file at most. */
const SHOWN = 10;

const root = join(import.meta.dirname, '../..');
const list = join(import.meta.dirname, 'known.json');
const [option, ...paths] = process.argv.slice(2);

const files = checkedFiles(root);
const findings = files.flatMap((file) => findingsIn(textsOf(root, file)));

if (option === '--all') {
  const wanted = findings.filter(({file}) => !paths.length || paths.some((path) => file.startsWith(path)));
  console.log([...wanted.map(lineOf), `${wanted.length} findings`].join('\n'));
} else if (option === '--rooms') {
  for (const [room, found] of Map.groupBy(findings, roomOf)) console.log(`${found.length}\t${room}`);
  console.log(`${findings.length}\tall`);
} else if (option === '--update') {
  const known = existsSync(list) ? updated(findings, readKnown(), files) : countsOf(findings);
  writeFileSync(list, `${JSON.stringify(known, null, 2)}\n`);
} else {
  report();
}

function report(): void {
  const known = readKnown();
  const breaches = breachesOf(findings, known);
  for (const {message, findings: found} of breaches) {
    console.error([message, ...found.slice(0, SHOWN).map((finding) => `  ${lineOf(finding)}`)].join('\n'));
  }
  if (breaches.length) {
    console.error('Mend the text. If a number only has to fall: node check/plain-english/main.ts --update');
    process.exitCode = 1;
  } else {
    const files = Object.keys(known).length;
    console.log(`Plain English: no new findings; ${findings.length} known ones in ${files} files.`);
  }
}

function readKnown(): Known {
  return JSON.parse(readFileSync(list, 'utf8')) as Known;
}

function countsOf(all: readonly Finding[]): Known {
  return Object.fromEntries(
    [...Map.groupBy(all, ({file}) => file)].map(([file, found]) => [file, found.length]),
  );
}

function roomOf({file}: Finding): string {
  const parts = file.split('/').slice(0, -1);
  return parts.slice(0, parts[0] === 'src' ? 2 : 1).join('/') || 'root';
}

function lineOf({file, line, rule, text}: Finding): string {
  return `${file}:${line}: ${rule}\n      ${text.replace(/\s+/g, ' ')}`;
}
