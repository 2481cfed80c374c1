import {existsSync, readFileSync} from 'node:fs';
import {expect, it} from 'vitest';
import {commands} from '../../../docs/generate/command-line.ts';
import {pageFiles} from '../../../docs/generate/pages.ts';
import {COMMANDS, WHOLE_PAGES} from '../../support/docs/commands.ts';
import {commandsOf} from '../../support/docs/pages.ts';

const pages = (await pageFiles()).filter((page) => !(page in WHOLE_PAGES));
const printed = new Set(pages.flatMap(commandsOf));
/** Scripts of package.json that are a command of the command line, or all of it. */
const SCRIPTS: Readonly<Record<string, string>> = {
  cli: '',
  render: 'render ',
  invoke: 'invoke ',
  serve: 'serve ',
  'check:deployment': 'check-deployment ',
};

it('every command of a page is run by a test, or listed with the reason why not', () => {
  expect([...printed].filter((command) => !(command in COMMANDS))).toEqual([]);
});

it('the list names commands of pages, and tests that are there', () => {
  expect(Object.keys(COMMANDS).filter((command) => !printed.has(command))).toEqual([]);
  const proofs = Object.values(COMMANDS).flatMap((proof) => ('by' in proof ? [proof.by] : []));
  expect([...proofs, ...Object.values(WHOLE_PAGES)].filter((test) => !existsSync(test))).toEqual([]);
});

it('every npm script of a page is there', () => {
  const {scripts} = JSON.parse(readFileSync('package.json', 'utf8'));
  const named = [...printed].flatMap((command) => /npm run (?:-s )?([\w:-]+)/.exec(command)?.[1] ?? []);
  expect(named.filter((script) => !(script in scripts))).toEqual([]);
});

it.each([...printed].flatMap((command) => commandLine(command) ?? []))(
  'revideo-lambda %s: the command has these options',
  (line) => {
    const [name = '', ...words] = line.split(' ');
    if (name.startsWith('--')) return;
    const command = commands().find((one) => one.name() === name);
    const flags = words.filter((word) => word.startsWith('--') && word !== '--help');
    expect(command).toBeDefined();
    expect(flags.filter((flag) => !command?.options.some(({long}) => long === flag))).toEqual([]);
  },
);

/** The arguments that a command of a page gives to the command line; undefined for another program. */
function commandLine(command: string): string | undefined {
  const own = /revideo-lambda(?:\.mjs)? (.*)/.exec(command)?.[1];
  if (own && !command.includes('npm run')) return own;
  const [, script = '', words = ''] = /npm run (?:-s )?([\w:-]+)(?: -- (.*))?/.exec(command) ?? [];
  const start = SCRIPTS[script];
  return start === undefined ? undefined : `${start}${words}`.trim();
}
