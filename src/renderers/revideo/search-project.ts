import {readdir, readFile, stat} from 'node:fs/promises';
import {join, relative, sep} from 'node:path';

/** How deep below the named folder, in how many folders, and in how many files a project is looked for. */
const [MOST_DEPTH, MOST_FOLDERS, MOST_FILES] = [6, 5_000, 2_000];
/** Bytes of a file that can be a project file. */
const MOST_BYTES = 500_000;

/** Folders of packages, of build results, and of tools. */
const LEFT_OUT = new Set(['node_modules', 'bower_components', 'dist', 'build', 'out', 'output', 'coverage']);

/**
 * Looks for project files below a folder: those whose default export is a call of `makeProject`. Bounded in depth and in
 * numbers of folders and files; what cannot be read is passed over.
 *
 * @returns their paths from the folder, with `/`, in order of names
 */
export async function searchProjects(folder: string): Promise<string[]> {
  const found: string[] = [];
  let [read, opened, level] = [0, 0, [folder]];
  for (let depth = 0; depth <= MOST_DEPTH && level.length > 0; depth++) {
    const next: string[] = [];
    for (const here of level) {
      if (++opened > MOST_FOLDERS) return inOrder(found, folder);
      const entries = await readdir(here, {withFileTypes: true}).catch(() => []);
      for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
        const {name} = entry;
        const path = join(here, name);
        if (entry.isDirectory() && !name.startsWith('.') && !LEFT_OUT.has(name)) next.push(path);
        if (!entry.isFile() || !/(?<!\.d)\.[cm]?[jt]sx?$/.test(name)) continue;
        if (++read > MOST_FILES) return inOrder(found, folder);
        if (await isProjectFile(path)) found.push(path);
      }
    }
    level = next;
  }
  return inOrder(found, folder);
}

const inOrder = (paths: readonly string[], folder: string): string[] =>
  paths.map((path) => relative(folder, path).replaceAll(sep, '/')).sort();

async function isProjectFile(path: string): Promise<boolean> {
  const size = await stat(path).then(
    (info) => info.size,
    () => Infinity,
  );
  if (size > MOST_BYTES) return false;
  return exportsProject(await readFile(path, 'utf8').catch(() => ''));
}

/**
 * Whether a file's default export is a call of `makeProject`, directly or by a name. It reads the text alone,
 * in linear time, so that nothing is run or compiled.
 */
export function exportsProject(source: string): boolean {
  if (!source.includes('makeProject')) return false;
  const name = /^[ \t]{0,20}export\s{1,20}default\s{1,20}([\w$]{1,100})/m.exec(source)?.[1];
  const exported = name ?? /\b([\w$]{1,100})\s{1,20}as\s{1,20}default\b/.exec(source)?.[1];
  if (exported === undefined) return false;
  if (exported === 'makeProject') return true;
  // `const project = makeProject({…})`, with a type between at most.
  const assigned = source.matchAll(
    /\b([\w$]{1,100})(?:\s{0,20}:[^=;\n]{1,100})?\s{0,20}=\s{0,20}makeProject\b/g,
  );
  return [...assigned].some(([, variable]) => variable === exported);
}
