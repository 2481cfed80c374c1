import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import type {Plugin} from 'vite';
import type {Project} from '../project.ts';

/** Folder of the page's sources. */
export const PAGE = fileURLToPath(new URL('../page', import.meta.url));

/** Makes our page the entry and our clips the source of `<Video>`'s pictures. */
export const page = ({packages}: Project): Plugin => ({
  name: 'revideo-lambda:page',
  enforce: 'pre',
  resolveId(source, importer) {
    const isOurs = source.endsWith('/mp4-parser-manager') && importer?.startsWith(below(packages));
    return isOurs ? join(PAGE, 'clip.ts') : null;
  },
  transform(code, id) {
    if (!id.startsWith(below(packages)) || !id.endsWith('/components/Rive.js')) return null;
    // Rive's player is fetched from an address that only Revideo's dev server knows.
    const player = `import player from '@rive-app/canvas-advanced/rive.wasm?url';`;
    return {code: `${player}${code.replace(`'/@rive-wasm'`, 'player')}`, map: null};
  },
  generateBundle: {
    // Behind the bundler's own, which writes the style sheet.
    order: 'post',
    handler(_, bundle) {
      const entry = Object.values(bundle).find((output) => output.type === 'chunk' && output.isEntry);
      if (!entry) throw new Error('The page was not built.');
      const styles = Object.keys(bundle)
        .filter((name) => name.endsWith('.css'))
        .map((name) => `<link rel="stylesheet" href="./${name}">`);
      this.emitFile({
        type: 'asset',
        fileName: 'index.html',
        source: `<!doctype html><meta charset="utf-8"><title>revideo-lambda</title>${styles.join('')}<body><script id="revideo-lambda" type="module" src="./${entry.fileName}"></script>`,
      });
    },
  },
});

/** How paths of Revideo's nodes begin; those of a package `@revideo/2d-more` begin otherwise. */
const below = (packages: Project['packages']): string => `${packages['@revideo/2d']}/`;
