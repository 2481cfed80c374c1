import {relative, sep} from 'node:path';
import {type Plugin, transformWithOxc} from 'vite';
import {addressOf} from './assets.ts';

/**
 * Gives each of the project's modules the `import.meta.url` that it has in Revideo's dev server: the server's origin
 * and the module's path, `/src/scene.tsx`. All of them are one script here, and would have that script's address, so
 * that `new URL(name, import.meta.url)` would look for a file in the wrong folder.
 *
 * Vite comes first and replaces `new URL('./beat.mp3', import.meta.url)`: it knows files outside of the project's
 * folder and workers. Modules of packages, and those outside of the folder, keep the script's address: the dev server
 * would give them a path of this machine.
 *
 * @param folder the project's folder, with links followed
 */
export const moduleAddress = (folder: string): Plugin => ({
  name: 'revideo-lambda:module-address',
  enforce: 'post',
  async transform(code, id) {
    if (!code.includes('import.meta') || !id.startsWith(folder + sep)) return null;
    const [path = id, query] = id.split('?');
    if (path.includes(`${sep}node_modules${sep}`)) return null;
    const address = addressOf(relative(folder, path)) + (query === undefined ? '' : `?${query}`);
    const compiled = await transformWithOxc(code, path, {
      lang: 'js',
      target: 'esnext',
      sourcemap: true,
      tsconfig: {compilerOptions: {}},
      // By `globalThis`: a module may have a `location` of its own.
      define: {'import.meta.url': `globalThis.location.origin + ${JSON.stringify(address)}`},
    });
    return {code: compiled.code, map: compiled.map, moduleType: 'js'};
  },
});
