import type {Argument, Command, Option} from 'commander';
import {createProgram} from '../../src/apps/cli/program.ts';
import {code, sentence, table} from './markdown.ts';

/** Every command of the command line, in the order of its help. */
export const commands = (): readonly Command[] =>
  createProgram({signal: new AbortController().signal} as Parameters<typeof createProgram>[0]).commands;

/** Options that several commands have with the same words: these are listed once. */
const shared = (): Map<string, Option> => {
  const seen = new Map<string, {option: Option; commands: number}>();
  for (const {options} of commands())
    for (const option of options) {
      const entry = seen.get(keyOf(option)) ?? {option, commands: 0};
      seen.set(keyOf(option), {...entry, commands: entry.commands + 1});
    }
  return new Map([...seen].filter(([, entry]) => entry.commands > 2).map(([key, {option}]) => [key, option]));
};

/** The page of a command, by its heading in the help. Other headings are on the last page. */
const PAGES: Readonly<Record<string, string>> = {
  'Render:': 'commands-render',
  'Jobs:': 'commands-jobs',
  'Films:': 'commands-jobs',
  'Money:': 'commands-jobs',
};
const pageOf = (command: Command): string => PAGES[command.helpGroup()] ?? 'commands-set-up';

/** Parts of the pages about the command line, by their names. */
export const COMMAND_LINE_PARTS: Readonly<Record<string, () => string>> = {
  commands: () =>
    table(
      ['command', 'what it does'],
      commands().map((command) => [linkTo(command), sentence(command.description())]),
    ),
  'shared-options': () => optionTable([...shared().values()]),
  'commands-render': () => described('commands-render'),
  'commands-jobs': () => described('commands-jobs'),
  'commands-set-up': () => described('commands-set-up'),
};

function described(page: string): string {
  const known = shared();
  return commands()
    .filter((command) => pageOf(command) === page)
    .map((command) => describe(command, known))
    .join('\n\n');
}

function describe(command: Command, known: ReadonlyMap<string, Option>): string {
  const own = command.options.filter((option) => !known.has(keyOf(option)));
  const also = command.options.filter((option) => known.has(keyOf(option)));
  const parts = [`## ${command.name()}`, `\`${usage(command)}\`: ${sentence(command.description())}.`];
  if (own.length > 0) parts.push(optionTable(own));
  if (also.length > 0)
    parts.push(
      `[Shared options](command-line.md#shared-options): ${also.map(({long}) => code(long ?? '')).join(', ')}.`,
    );
  return parts.join('\n\n');
}

function optionTable(options: readonly Option[]): string {
  return table(
    ['option', 'meaning', 'default'],
    options.map((option) => [code(option.flags), meaning(option), defaultOf(option)]),
  );
}

function meaning({description, argChoices}: Option): string {
  const [text] = split(description);
  return placeholders(sentence(text)) + (argChoices ? `: ${argChoices.map(code).join(', ')}` : '');
}

/** The default of an option: its own, or the one at the end of its description. */
function defaultOf({description, defaultValue, defaultValueDescription}: Option): string {
  if (typeof defaultValue === 'string' && !defaultValueDescription) return code(defaultValue);
  return placeholders(defaultValueDescription ?? split(description)[1]);
}

function split(description: string): [string, string] {
  const found = /^(.*?) ?\(default: ([^)]*)\)$/s.exec(description);
  return found ? [found[1] ?? '', found[2] ?? ''] : [description, ''];
}

/** Words with a `<placeholder>` as code: Markdown takes them for HTML. */
const placeholders = (text: string): string => text.replaceAll(/[^\s()]*<[^\s<>]+>[^\s()]*/g, code);

const keyOf = ({flags, description}: Option): string => `${flags} ${description}`;

const argumentOf = (argument: Argument): string =>
  argument.required ? `<${argument.name()}>` : `[${argument.name()}${argument.variadic ? '...' : ''}]`;

const usage = (command: Command): string =>
  [command.name(), ...command.registeredArguments.map(argumentOf)].join(' ');

const linkTo = (command: Command): string =>
  `[\`${usage(command)}\`](${pageOf(command)}.md#${command.name()})`;
