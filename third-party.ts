import {globSync, readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';

/** Packages that the page of every project is bundled with; the project's own are known to its author. */
const IN_THE_PAGE = ['@revideo/2d', '@revideo/core', 'mediabunny'];

/**
 * The names, versions and licence texts of the npm packages that the function is made of, for people who read what is in
 * an image.
 *
 * @param inputs paths of bundled files, from this repository, as esbuild's metafile has them
 */
export function thirdParty(inputs: readonly string[]): string {
  const bundled = inputs.flatMap((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []);
  const names = [...new Set([...bundled, ...IN_THE_PAGE])].toSorted();
  return names.map(describe).join(`\n\n${'-'.repeat(80)}\n\n`);
}

function describe(name: string): string {
  const folder = fileURLToPath(new URL(`node_modules/${name}/`, import.meta.url));
  const {version, license} = JSON.parse(readFileSync(`${folder}package.json`, 'utf8')) as {
    version: string;
    license?: string;
  };
  const [text] = globSync('{LICENSE,LICENCE,License,license}{,.md,.txt,-MIT}', {cwd: folder});
  const words = text ? readFileSync(folder + text, 'utf8').trim() : 'The package has no text of its licence.';
  return `${name} ${version}, ${license ?? 'no licence named'}\n\n${words}`;
}
