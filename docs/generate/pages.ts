import {readdir, readFile} from 'node:fs/promises';
import {COMMAND_LINE_PARTS} from './command-line.ts';
import {diagram} from './diagram.ts';
import {ENVIRONMENT_PARTS} from './environment.ts';
import {ERROR_PARTS} from './errors.ts';
import {EVENT_PARTS} from './events.ts';
import {withParts} from './marks.ts';

const PARTS = {...EVENT_PARTS, ...COMMAND_LINE_PARTS, ...ENVIRONMENT_PARTS, ...ERROR_PARTS};

/** The pages of the documentation, as paths from the root of the repository. */
export async function pageFiles(): Promise<string[]> {
  const names = await readdir('docs');
  return ['README.md', ...names.filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`)];
}

/** Every file that has generated text, by its path, as it should be. The working directory is the repository. */
export async function generatedFiles(): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const path of await pageFiles()) {
    const page = await readFile(path, 'utf8');
    if (page.includes('<!-- generated: ')) files.set(path, withParts(page, PARTS));
  }
  files.set('docs/architecture.svg', await diagram(await readFile('docs/architecture.dot', 'utf8')));
  return files;
}
