import {readFileSync, statSync} from 'node:fs';
import {join, relative, resolve, sep} from 'node:path';
import type {InlineConfig, Plugin, PluginOption} from 'vite';
import {RenderError} from '../../../base/errors.ts';
import {foldersAbove, textOf} from '../packages.ts';

/**
 * Whether a project's own settings of Vite and PostCSS are used: `auto` takes those that name Revideo's plugin, `on`
 * takes any, `off` takes none.
 */
export type ViteConfigUse = 'auto' | 'on' | 'off';

/** Settings of a project that run in Node while it is compiled. */
export interface OwnSettings {
  /** Path of its `vite.config`. */
  config?: string;
  /** Path of what configures PostCSS, which may be above its folder. */
  postcss?: string;
}

/** The settings that are taken from a `vite.config`. */
export interface TakenConfig {
  settings: InlineConfig;
  plugins: Plugin[];
  workerPlugins: () => Plugin[];
  /** Where static files are, if not in `public/`: a path, or `false` for nowhere. */
  publicFolder?: string | false;
  /** Files that it was read from. */
  files: string[];
}

/** As Vite looks for it: https://vite.dev/config/ */
const NAMES = ['js', 'mjs', 'ts', 'cjs', 'mts', 'cts'].map((ending) => `vite.config.${ending}`);
/** As `postcss-load-config` looks for it: https://github.com/postcss/postcss-load-config#readme */
const POSTCSS = [
  ...['', '.json', '.yaml', '.yml', '.js', '.cjs', '.mjs', '.ts', '.cts', '.mts'].map(
    (end) => `.postcssrc${end}`,
  ),
  ...['js', 'cjs', 'mjs', 'ts', 'cts', 'mts'].map((ending) => `postcss.config.${ending}`),
];
/** The plugin whose settings are for the film, and not for a web site in the same folder. */
const REVIDEO = /@(?:revideo|motion-canvas)\/vite-plugin/;
/** Revideo's own plugins: the compiler has the parts that draw, the others are the editor's. */
const EDITORS = /^(?:revideo|motion-canvas)(?::|$)/;
/** Settings that decide the pixels. `server`, `preview`, `build`, `optimizeDeps` decide none. */
const TAKEN = ['define', 'css', 'assetsInclude', 'envDir', 'envPrefix', 'json', 'html'] as const;

/**
 * Finds what a project has of its own settings that `use` allows; undefined if that is nothing.
 *
 * @throws `ProjectBroken` for a `vite.config` that cannot be read
 */
export function ownSettings(folder: string, use: ViteConfigUse): OwnSettings | undefined {
  if (use === 'off') return undefined;
  const config = viteConfigIn(folder);
  const isTaken = config !== undefined && (use === 'on' || REVIDEO.test(readConfigFile(config)));
  const postcss = postcssFor(folder);
  if (!isTaken && !postcss) return undefined;
  return {...(isTaken && {config}), ...(postcss && {postcss})};
}

/** The path of a project's `vite.config`. */
export const viteConfigIn = (folder: string): string | undefined =>
  NAMES.map((name) => join(folder, name)).find(isFile);

function postcssFor(folder: string): string | undefined {
  return foldersAbove(folder)
    .flatMap((above) => [...POSTCSS, 'package.json'].map((name) => join(above, name)))
    .find((path) => (path.endsWith('package.json') ? configuresPostcss(path) : isFile(path)));
}

const configuresPostcss = (manifest: string) => /"postcss"\s{0,9}:\s{0,9}\{/.test(textOf(manifest));

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function readConfigFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw broken(
      `${path} cannot be read: ${reason}. Make it readable, or set REVIDEO_VITE_CONFIG=off to render without it.`,
      cause,
    );
  }
}

/**
 * Runs a project's `vite.config` as Vite's dev server does, and takes from it what decides the pixels.
 *
 * @throws `ProjectBroken` if it fails, or names a setting that cannot be taken over
 */
export async function takeConfig(config: string, folder: string): Promise<TakenConfig> {
  const {loadConfigFromFile, normalizePath} = await import('vite');
  const request = {command: 'serve', mode: 'development'} as const;
  const name = relative(folder, config);
  const loaded = await loadConfigFromFile(request, config, folder, 'silent').catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw broken(
      `${name} of the project in ${folder} fails: ${reason}. REVIDEO_VITE_CONFIG=off renders without it.`,
      cause,
    );
  });
  if (!loaded) throw broken(`${name} of the project in ${folder} exports no settings.`);
  const own = loaded.config;
  const {publicDir, resolve: resolving = {}} = own;
  const publicFolder = publicDir ? resolve(folder, publicDir) : false;
  if (publicFolder && (folder + sep).startsWith(publicFolder + sep)) {
    throw broken(
      `${name} of the project in ${folder} names publicDir "${publicDir}", which holds the project itself. Name a folder that holds static files only.`,
    );
  }
  const taken = Object.fromEntries(
    TAKEN.filter((key) => own[key] !== undefined).map((key) => [key, own[key]]),
  );
  const keep = (plugins: PluginOption[]) => kept(plugins, request);
  const workers = own.worker?.plugins;
  const workerPlugins = workers ? await keep([workers() as PluginOption]) : [];
  return {
    settings: {...taken, resolve: resolving},
    plugins: await keep(own.plugins ?? []),
    workerPlugins: () => workerPlugins,
    ...(publicDir !== undefined && {publicFolder}),
    files: [config, ...loaded.dependencies.map((path) => resolve(folder, path))].map(normalizePath),
  };

  /** Those that the dev server would use, without Revideo's own. */
  async function kept(options: PluginOption[], env: typeof request): Promise<Plugin[]> {
    const plugins = await flatten(options);
    return plugins.flatMap((plugin, index) => {
      const {name: called = `plugin ${index + 1} of ${name}`, apply} = plugin;
      if (EDITORS.test(called) || apply === 'build') return [];
      if (typeof apply === 'function' && !apply(own, env)) return [];
      // The same object: its hooks may be those of a class. Plugins that the dev server uses also run in this
      // build.
      return [Object.assign(plugin, {name: called, apply: undefined})];
    });
  }
}

async function flatten(options: PluginOption[]): Promise<Plugin[]> {
  const plugins: Plugin[] = [];
  for (const option of options) {
    const plugin = await option;
    if (Array.isArray(plugin)) plugins.push(...(await flatten(plugin)));
    else if (plugin) plugins.push(plugin as Plugin);
  }
  return plugins;
}

const broken = (message: string, cause?: unknown) => new RenderError('ProjectBroken', message, {cause});
