import {dirname, isAbsolute, join} from 'node:path';
import type {Plugin, ResolvedConfig} from 'vite';
import type {Tsconfigs} from './tsconfig.ts';

/** Hooks in which plugins name the files that they read: `this.addWatchFile(path)`. */
const HOOKS = ['buildStart', 'resolveId', 'load', 'transform'] as const;

/**
 * Notes every file that decides the build:
 *
 * - the files of all modules, and every tsconfig that decides how one is compiled
 * - what plugins say that they watch: what a style sheet, a shader or a worker includes, sources that Tailwind searches
 * - the `.env` files of the project's `envDir`, also those that are not there yet
 */
export const noteInputs = (inputs: Set<string>, tsconfigs: Tsconfigs): Plugin => {
  const note = (id: string): string | undefined => {
    const [path = id] = id.split('?');
    if (!isAbsolute(path)) return undefined;
    inputs.add(path);
    return path;
  };
  return {
    name: 'revideo-lambda:inputs',
    configResolved: {
      order: 'post',
      handler({plugins, envDir, mode}: ResolvedConfig) {
        for (const plugin of plugins) listen(plugin, note);
        if (envDir === false) return;
        // As Vite reads them: https://vite.dev/guide/env-and-mode#env-files
        for (const name of ['', '.local', `.${mode}`, `.${mode}.local`])
          inputs.add(join(envDir, `.env${name}`));
      },
    },
    async generateBundle() {
      for (const id of this.getModuleIds()) {
        const path = note(id);
        if (path === undefined || path.includes('/node_modules/')) continue;
        for (const file of (await tsconfigs.of(dirname(path))).files) inputs.add(file);
      }
    },
  };
};

type Hook = (this: {addWatchFile?: (id: string) => void}, ...args: unknown[]) => unknown;

/** Has a plugin tell `note` what it tells the bundler to watch. Nothing else of it changes. */
function listen(plugin: Plugin, note: (id: string) => void): void {
  const hooks = plugin as unknown as Record<string, Hook | {handler: Hook} | undefined>;
  if (Object.isFrozen(plugin)) return;
  for (const name of HOOKS) {
    const hook = hooks[name];
    if (typeof hook === 'function') hooks[name] = listening(hook, note);
    else if (hook && !Object.isFrozen(hook)) hook.handler = listening(hook.handler, note);
  }
}

const listening = (hook: Hook, note: (id: string) => void): Hook =>
  function (...args) {
    const add = this.addWatchFile;
    // The bundler makes a context for each call.
    if (add) {
      this.addWatchFile = (id) => {
        note(id);
        add.call(this, id);
      };
    }
    return hook.apply(this, args);
  };
