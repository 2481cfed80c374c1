import type {Plugin} from 'vite';

/** Where the highlighter of `<CodeBlock>` fetches its WebAssembly in a browser. */
const ADDRESS = /'https:\/\/esm\.sh\/vscode-oniguruma@\d+\/release\/onig\.wasm'/;

/**
 * Gives `<CodeBlock>` the WebAssembly that is installed with its highlighter. The highlighter would fetch it from
 * esm.sh in each worker: a film would need the internet, and a new release there could change its picture.
 */
export const highlighter = (): Plugin => ({
  name: 'revideo-lambda:highlighter',
  enforce: 'pre',
  transform(code, id) {
    if (!id.endsWith('/lib/get-oniguruma.fetch.js') || !ADDRESS.test(code)) return null;
    const installed = `import onig from 'vscode-oniguruma/release/onig.wasm?url';`;
    return {code: `${installed}${code.replace(ADDRESS, 'onig, location.href')}`, map: null};
  },
});
