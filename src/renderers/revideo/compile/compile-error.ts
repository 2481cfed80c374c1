import {readFile} from 'node:fs/promises';
import {isAbsolute, join, relative, resolve, sep} from 'node:path';
import {stripVTControlCharacters} from 'node:util';
import {isDiskFull, saysDiskFull} from '../../../base/disk-full.ts';
import {RenderError} from '../../../base/errors.ts';
import {PAGE} from './page.ts';

/** Mistakes that are shown; the rest usually follow from the first. */
const SHOWN = 5;
/** Characters of a mistake's text, and of a line of source, that are shown. */
const LONGEST = 1_000;
const WIDEST = 160;
/** The module of ours that imports the project file. */
const PAGE_FILE = join(PAGE, 'main.ts');

/** An error of the bundler or its plugins, in the parts that are read here. */
interface Thrown {
  message?: unknown;
  code?: unknown;
  id?: unknown;
  /** Name of the plugin that threw. */
  plugin?: unknown;
  /**
   * For an import that leads nowhere, its name. For a name that is not exported, the path of the file that
   * lacks the export.
   */
  exporter?: unknown;
  /** Lines from 1, columns from 0. */
  loc?: {file?: unknown; line?: unknown; column?: unknown};
  errors?: unknown;
}

/** One mistake: what is wrong, in which file and where. */
interface Mistake {
  text: string;
  file?: string;
  /** Lines and columns from 1. */
  line?: number;
  column?: number;
  /** The text there, if the bundler has seen it in compiled text, whose lines are others. */
  search?: string[];
}

/**
 * Turns the error of a failed build into one about the project. It lists each mistake with its file, line,
 * column and line of source, without the bundler's own stack.
 *
 * @param folder the project's folder, with links followed
 */
export async function compileError(error: unknown, folder: string): Promise<RenderError> {
  const mistakes = mistakesOf(error);
  // The compiled files could not be written, which is not a mistake of the project.
  const full = isDiskFull(error) || mistakes.some(({text}) => saysDiskFull(text));
  if (full) {
    const message = `The project in ${folder} was compiled, and there is no room for it: ${mistakes[0]?.text}`;
    return new RenderError('DiskFailed', message, {cause: error});
  }
  const shown = await Promise.all(mistakes.slice(0, SHOWN).map((mistake) => describe(mistake, folder)));
  const more = mistakes.length > SHOWN ? [`and ${mistakes.length - SHOWN} more`] : [];
  const text = [`The project in ${folder} does not compile.`, ...shown, ...more].join('\n');
  return new RenderError('ProjectBroken', text, {cause: error});
}

/** An error of a plugin holds those of what it called. */
function mistakesOf(error: unknown): Mistake[] {
  const thrown = (error ?? {}) as Thrown;
  if (Array.isArray(thrown.errors) && thrown.errors.length > 0) return thrown.errors.flatMap(mistakesOf);
  const file = [thrown.loc?.file, thrown.id].find((name) => typeof name === 'string')?.split('?')[0];
  const text = plainText(thrown);
  const [, name, importer] = /failed to resolve import "([^"\n]*)" from "([^"\n]*)"/.exec(text) ?? [];
  if (name !== undefined && importer !== undefined) return [missing(name, importer.split('?')[0])];
  if (thrown.code === 'UNRESOLVED_IMPORT' && typeof thrown.exporter === 'string') {
    return [missing(thrown.exporter, file)];
  }
  if (thrown.code === 'MISSING_EXPORT') {
    const [, name = ''] = /^"([^"\n]*)"/.exec(text) ?? [];
    const from = withoutPackages(String(thrown.exporter));
    // Our page imports the project file's default: that line of ours is no place to look at.
    if (name === 'default' && file === PAGE_FILE) {
      const said = 'It has no default export. Write: export default makeProject({scenes: [...]});';
      return [{text: said, file: String(thrown.exporter)}];
    }
    return [
      {
        text: `"${name}" is not exported by "${from}".`,
        ...(file && {file}),
        ...place(thrown),
        ...(name !== 'default' && {search: [name]}),
      },
    ];
  }
  return [{text: byPlugin(thrown, text), ...(file && {file}), ...place(thrown)}];
}

/** Names the plugin of a project that threw; ours and the bundler's own say nothing to its author. */
const byPlugin = ({plugin}: Thrown, text: string): string =>
  typeof plugin !== 'string' || /^(?:vite|rolldown|builtin|revideo|revideo-lambda):/.test(plugin)
    ? text
    : `The plugin "${plugin}" fails: ${text}`;

function place({loc: {line, column} = {}}: Thrown): Pick<Mistake, 'line' | 'column'> {
  return typeof line === 'number' && typeof column === 'number' ? {line, column: column + 1} : {};
}

const missing = (name: string, file: string | undefined): Mistake => ({
  text: /^[./]/.test(name)
    ? `There is no file "${name}".`
    : `There is no package "${name}": it is not installed in the project.`,
  ...(file && {file}),
  search: [`'${name}'`, `"${name}"`, `\`${name}\``],
});

/** The message's own words: without colours, code, frame and stack, each of which begins a line or ends one. */
function plainText({message, code}: Thrown): string {
  const lines = stripVTControlCharacters(String(message ?? 'The compiler gave no reason.'))
    .slice(0, 10 * LONGEST)
    .split('\n');
  const end = lines.findIndex((line) => /^\s*(?:at |╭|Stack backtrace:)/.test(line));
  const [first = '', ...rest] = end < 0 ? lines : lines.slice(0, end);
  const prefix = [`[${String(code)}] `, '[postcss] '].find((start) => first.startsWith(start)) ?? '';
  return [first.slice(prefix.length), ...rest].join('\n').trim().slice(0, LONGEST);
}

/** A path as an author knows it: of a package's file, from its name on. */
const withoutPackages = (path: string): string => path.split(/[\\/]node_modules[\\/]/).at(-1) ?? path;

async function describe(mistake: Mistake, folder: string): Promise<string> {
  const {text, file} = mistake;
  if (!file) return text;
  const source = await readFile(file, 'utf8').catch(() => '');
  const place = locate(mistake, source);
  const path = isAbsolute(file) ? relative(folder, resolve(file)) : file;
  const name = (path.startsWith('..') ? file : path).replaceAll(sep, '/');
  if (!place) return `${name}: ${text}`;
  const {line, column} = place;
  return `${name}:${line}:${column}: ${text.replaceAll(folder + sep, '')}${frame(source, place)}`;
}

/** Where the mistake is in the source as it was written. */
function locate(
  {line, column, search = []}: Mistake,
  source: string,
): {line: number; column: number} | undefined {
  const [at] = search
    .map((text) => source.indexOf(text))
    .filter((index) => index >= 0)
    .sort((a, b) => a - b);
  if (at !== undefined) {
    const before = source.slice(0, at).split('\n');
    return {line: before.length, column: (before.at(-1) ?? '').length + 1};
  }
  return line === undefined || column === undefined ? undefined : {line, column};
}

/** The line of the source, with a mark below the column. */
function frame(source: string, {line, column}: {line: number; column: number}): string {
  const text = source.split('\n')[line - 1]?.trimEnd();
  if (!text) return '';
  const from = Math.max(0, column - 1 - WIDEST / 2);
  const number = `${line} | `;
  const shown = text.slice(from, from + WIDEST).replaceAll('\t', ' ');
  return `\n  ${number}${shown}\n  ${' '.repeat(number.length + column - 1 - from)}^`;
}
