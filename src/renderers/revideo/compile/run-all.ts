import type {Plugin} from 'vite';

/**
 * Makes the bundler run every module that Revideo's dev server runs, even if a package declares it free of
 * side effects. `"sideEffects": false` in a `package.json` lets a bundler drop a module that only adds to
 * another one, such as a language of a highlighter.
 *
 * All statements of the project's own files stay. In packages, every module runs, and unused functions are
 * left out.
 *
 * @param known how paths begin of packages that are right when they call a module of theirs free of side effects: our
 * page and Revideo. Running all of Revideo, TeX included, would quadruple the page's size.
 */
export const runAll = (known: readonly string[]): Plugin => ({
  name: 'revideo-lambda:run-all',
  enforce: 'post',
  transform: {
    order: 'post',
    handler(_, id) {
      const [file = id] = id.split('?');
      if (file.startsWith('\0') || known.some((start) => file.startsWith(start))) return null;
      return {moduleSideEffects: file.includes('/node_modules/') ? true : 'no-treeshake'};
    },
  },
});
