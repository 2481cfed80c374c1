import {readFileSync} from 'node:fs';
import {dirname, join, normalize} from 'node:path';
import GithubSlugger from 'github-slugger';

/** A page's lines without the blocks of code. */
const prose = (text: string): string => text.replaceAll(/^```.*?^```$/gms, '');

/** The anchors that GitHub gives to the headings of a page. */
export function anchorsOf(path: string): Set<string> {
  const slugger = new GithubSlugger();
  const headings = prose(readFileSync(path, 'utf8')).matchAll(/^#{1,6} (.*)$/gm);
  return new Set([...headings].map(([, heading = '']) => slugger.slug(plain(heading))));
}

/** Where the links of a page lead: paths from the root of the repository, with anchors. */
export function linksOf(path: string): {target: string; anchor: string | undefined}[] {
  const links = prose(readFileSync(path, 'utf8')).matchAll(/\]\(([^)\s]+)\)/g);
  return [...links]
    .map(([, link = '']) => link)
    .filter((link) => !/^[a-z]+:/.test(link))
    .map((link) => {
      const [file = '', anchor] = link.split('#');
      return {target: file ? normalize(join(dirname(path), file)) : path, anchor};
    });
}

/** Names of links of a page, as `[text][name]`, that the page does not define. */
export function undefinedNames(path: string): string[] {
  const text = prose(readFileSync(path, 'utf8'));
  const defined = new Set([...text.matchAll(/^\[([\w-]+)\]: \S+$/gm)].map(([, name]) => name));
  const used = [...text.matchAll(/\]\[([\w-]+)\]/g)].map(([, name = '']) => name);
  return used.filter((name) => !defined.has(name));
}

/** Commands of the `sh` blocks of a page: one line each, without comments. */
export function commandsOf(path: string): string[] {
  const blocks = readFileSync(path, 'utf8').matchAll(/^```sh\n(.*?)^```$/gms);
  return [...blocks].flatMap(([, block = '']) =>
    joined(block)
      .split('\n')
      .map((line) => line.replace(/(^|\s+)# .*$/, '').trim())
      .filter((line) => line !== ''),
  );
}

/** Puts a command of several lines, by `\` or by quotes, on one. */
function joined(block: string): string {
  const lines: string[] = [];
  for (const line of block.replaceAll(/\\\n\s*/g, '').split('\n')) {
    const last = lines.at(-1);
    const isOpen = last !== undefined && (last.split("'").length - 1) % 2 === 1;
    if (isOpen) lines[lines.length - 1] = `${last} ${line.trim()}`;
    else lines.push(line);
  }
  return lines.join('\n');
}

/** A heading's text without links and marks of code. */
const plain = (heading: string): string =>
  heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll('`', '');
