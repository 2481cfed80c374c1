import {readFile, stat} from 'node:fs/promises';
import {createRequire, isBuiltin} from 'node:module';
import {dirname, isAbsolute, join, resolve} from 'node:path';
import {parse} from 'jsonc-parser';

/** The compiler options of one folder's files, with every `extends` followed. */
export interface CompilerOptions {
  jsx?: string;
  jsxFactory?: string;
  jsxFragmentFactory?: string;
  jsxImportSource?: string;
  target?: string;
  useDefineForClassFields?: boolean;
  emitDecoratorMetadata?: boolean;
  verbatimModuleSyntax?: boolean;
  strict?: boolean;
  strictNullChecks?: boolean;
  /** Absolute patterns by the pattern of the import, both with at most one `*`. */
  paths?: Record<string, string[]>;
  /** Absolute. */
  baseUrl?: string;
}

/** Every file that decided, and what they say together. */
export interface Tsconfig {
  files: string[];
  options: CompilerOptions;
}

/**
 * The base that a Revideo project's own file usually extends; a project without any file is compiled with
 * this one.
 */
const DEFAULT = '@revideo/2d/tsconfig.project.json';
/** Files of one chain of `extends`, and names within one, that are followed; more are a circle. */
const DEEPEST = 32;
/** Files that one project's file may bring in. */
const MOST = 100;

const ours = createRequire(import.meta.url);

/**
 * Finds compiler options the way TypeScript does, and never fails. A file that is missing, broken or extends
 * a package that is not installed says less, but stops no film. If it extends a file of Revideo that the
 * project does not have, this repository's copy is used.
 */
export class Tsconfigs {
  readonly #folders = new Map<string, Promise<Tsconfig>>();

  /** The options for files of `folder`: the nearest `tsconfig.json` above decides. */
  of(folder: string): Promise<Tsconfig> {
    const found = this.#folders.get(folder) ?? this.#find(folder);
    this.#folders.set(folder, found);
    return found;
  }

  async #find(folder: string): Promise<Tsconfig> {
    const path = join(folder, 'tsconfig.json');
    if (await isFile(path)) return readTsconfig(path);
    const above = dirname(folder);
    return above === folder ? readTsconfig(ours.resolve(DEFAULT)) : this.of(above);
  }
}

/**
 * Reads a file and the files it extends; if two set the same option, the file nearest to the project decides.
 */
async function readTsconfig(path: string, depth = 0, read = new Set<string>()): Promise<Tsconfig> {
  // A circle, or a net of files that extend each other: each says what it has to say once.
  if (read.has(path) || read.size >= MOST) return {files: [], options: {}};
  read.add(path);
  const json = parsed(await readFile(path, 'utf8').catch(() => ''));
  const {extends: bases = [], compilerOptions = {}, references} = record(json);
  const folder = dirname(path);
  const own = absolute(record(compilerOptions), folder);
  const names = [bases].flat().filter((name) => typeof name === 'string');
  const parts = depth < DEEPEST ? names.slice(0, DEEPEST) : [];
  const inherited: Tsconfig = {files: [], options: {}};
  for (const name of parts) {
    const base = await resolveBase(name, folder);
    if (base === undefined) continue;
    const {files, options} = await readTsconfig(base, depth + 1, read);
    inherited.files.push(...files);
    Object.assign(inherited.options, options);
  }
  // A file that only names others, as Vite's starters have it: the first one that exists is the sources'.
  if (depth === 0 && names.length === 0 && Object.keys(own).length === 0 && Array.isArray(references)) {
    for (const reference of references) {
      const named = resolve(folder, String(record(reference).path));
      const target = named.endsWith('.json') ? named : join(named, 'tsconfig.json');
      if (await isFile(target)) return readTsconfig(target, 1, read);
    }
  }
  return {files: [...inherited.files, path], options: {...inherited.options, ...own}};
}

/** A text nested too deeply for the parser says nothing, as a broken one. */
function parsed(text: string): unknown {
  try {
    return parse(text, [], {allowTrailingComma: true});
  } catch {
    return undefined;
  }
}

/** Makes the paths of one file's options independent of where the file is. */
function absolute(options: Record<string, unknown>, folder: string): CompilerOptions {
  const {paths, baseUrl, ...rest} = options;
  const base = typeof baseUrl === 'string' ? resolve(folder, baseUrl) : undefined;
  const targets = Object.entries(record(paths)).map(([pattern, list]): [string, string[]] => [
    pattern,
    [list]
      .flat()
      .filter((target) => typeof target === 'string')
      .map((target) => resolve(base ?? folder, target)),
  ]);
  return {
    ...rest,
    ...(base && {baseUrl: base}),
    ...(paths !== undefined && {paths: Object.fromEntries(targets)}),
  };
}

/** The path of what a file extends; undefined if it is nowhere. */
async function resolveBase(name: string, folder: string): Promise<string | undefined> {
  if (name.startsWith('.') || isAbsolute(name)) {
    const path = resolve(folder, name);
    for (const candidate of [path, `${path}.json`, join(path, 'tsconfig.json')]) {
      if (await isFile(candidate)) return candidate;
    }
    return undefined;
  }
  if (isBuiltin(name)) return undefined;
  const theirs = createRequire(join(folder, 'tsconfig.json'));
  for (const require of [theirs, ours]) {
    for (const candidate of [name, `${name}.json`, `${name}/tsconfig.json`]) {
      try {
        const path = require.resolve(candidate);
        if (path.endsWith('.json')) return path;
      } catch {
        // Not there, or not exported: the next one may be.
      }
    }
  }
  return undefined;
}

const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
