import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it, onTestFinished, vi} from 'vitest';
import {readConfig} from '../../../src/apps/config.ts';
import {revideoRenderer} from '../../../src/renderers/revideo/renderer.ts';
import {folderOf, toldBy} from '../../support/compiled.ts';
import {runs, until} from '../../support/processes.ts';
import {throwAwayCache} from '../../support/throw-away-project.ts';

/** A plain project that tells `facts`. */
const telling = (facts: string, imports = '') => `
${imports}
import {makeScene2D} from '@revideo/2d';
import {makeProject, useScene, waitFor} from '@revideo/core';
const scene = makeScene2D('facts', function* () {
  for (const [name, fact] of Object.entries(${facts})) useScene().variables.get(name, fact);
  yield* waitFor(0.1);
});
export default makeProject({scenes: [scene]});`;

const CONFIG = `
import revideo from '@revideo/vite-plugin';
import {defineConfig} from 'vite';
import {word} from './settings/word';
const editor = (revideo as any).default ?? revideo;
const virtual = (name: string, value: unknown, more = {}) => ({
  name,
  ...more,
  resolveId: (id: string) => (id === 'virtual:' + name ? '\\0' + name : null),
  load: (id: string) => (id === '\\0' + name ? 'export default ' + JSON.stringify(value) : null),
});
export default defineConfig({
  plugins: [
    editor(),
    [virtual('any', word), Promise.resolve(virtual('serve', 'taken', {apply: 'serve'}))],
    {name: 'build', apply: 'build', transform() { throw new Error('The dev server does not use this.'); }},
  ],
  resolve: {alias: {'@lib': new URL('./lib', import.meta.url).pathname, '@revideo/core': '/nowhere'}},
  define: {__DEFINED__: JSON.stringify(process.env.AWS_SECRET_ACCESS_KEY ?? 'no secret')},
  server: {port: 1},
  build: {outDir: '/nowhere', minify: true},
});`;

const FILES = {
  'vite.config.ts': CONFIG,
  'settings/word.ts': `export const word = 'first';`,
  'lib/aliased.js': `export const aliased = 'by alias';`,
  'src/project.js': telling(
    '{any, serve, aliased, defined: __DEFINED__}',
    `import any from 'virtual:any';
     import serve from 'virtual:serve';
     import {aliased} from '@lib/aliased';`,
  ),
};

async function open(folder: string, cache?: string) {
  const {viteConfig} = readConfig();
  const renderer = revideoRenderer({project: folder, cache: cache ?? (await throwAwayCache()), viteConfig});
  onTestFinished(() => renderer.close());
  return renderer;
}

/** Sets a variable for the test. */
function set(name: string, value: string): void {
  vi.stubEnv(name, value);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
}

describe("A project's own vite.config", {timeout: 120_000}, () => {
  it('decides plugins, aliases and defines; runs without our secrets; and counts when it changes', async () => {
    set('AWS_SECRET_ACCESS_KEY', 'secret');
    const folder = folderOf(FILES);
    const cache = await throwAwayCache();
    const told = {any: 'first', serve: 'taken', aliased: 'by alias', defined: 'no secret'};
    expect(await toldBy(await open(folder, cache))).toEqual(told);
    writeFileSync(join(folder, 'settings/word.ts'), `export const word = 'second';`);
    expect(await toldBy(await open(folder, cache))).toEqual({...told, any: 'second'});
  });

  it('is not run where REVIDEO_VITE_CONFIG is off, and an error says so', async () => {
    set('REVIDEO_VITE_CONFIG', 'off');
    await expect(toldBy(await open(folderOf(FILES)))).rejects.toThrow(
      /vite\.config\.ts was not read, because REVIDEO_VITE_CONFIG is off/,
    );
  });

  it('is left alone without the plugin of Revideo: it may be that of a web site', async () => {
    const files = {'vite.config.js': `throw new Error('A web site.');`, 'src/project.js': telling('{a: 1}')};
    expect(await toldBy(await open(folderOf(files)))).toEqual({a: 1});
    set('REVIDEO_VITE_CONFIG', 'on');
    await expect(toldBy(await open(folderOf(files)))).rejects.toThrow(
      /vite\.config\.js of the project .* fails: A web site\./,
    );
  });

  it.each([
    [
      'a public folder that holds the project',
      `export default {publicDir: '.'}`,
      /names publicDir "\.", which holds the project itself/,
    ],
    [
      'a plugin that fails, by its name',
      `export default {plugins: [{name: 'weather', transform() { throw new Error('It rains.'); }}]}`,
      /weather[\s\S]*It rains/,
    ],
    [
      'a process that ends',
      `process.exit(3)`,
      /ended the process that compiled it[\s\S]*REVIDEO_VITE_CONFIG=off/,
    ],
  ])('ends the render with a sentence for %s', async (_, config, message) => {
    const files = {
      'vite.config.mjs': `// @revideo/vite-plugin\n${config}`,
      'src/project.js': telling('{a: 1}'),
    };
    await expect(toldBy(await open(folderOf(files)))).rejects.toThrow(message);
  });

  it.each([
    ['another folder', `'static'`, 'static/word.txt', '/word.txt'],
    ['none', 'false', 'public/word.csv', '/public/word.csv'],
  ])('serves the static files of its publicDir: %s', async (_, publicDir, file, address) => {
    const folder = folderOf({
      'vite.config.mjs': `// @revideo/vite-plugin\nexport default {publicDir: ${publicDir}}`,
      [file]: 'first',
      'src/project.js': telling('{a: 1}'),
    });
    const cache = await throwAwayCache();
    const first = await open(folder, cache);
    const path = await first.locate(address);
    expect(readFileSync(path, 'utf8')).toBe('first');
    const hash = await first.fingerprint({signal: AbortSignal.timeout(60_000)});
    writeFileSync(join(folder, file), 'second one');
    const second = await open(folder, cache);
    expect(await second.fingerprint({signal: AbortSignal.timeout(60_000)})).not.toBe(hash);
  });

  it('may leave programs running that keep its output open, and send messages of its own', async () => {
    const folder = folderOf({
      'vite.config.mjs': `// @revideo/vite-plugin
        import {spawn} from 'node:child_process';
        import {writeFileSync} from 'node:fs';
        const child = spawn('sleep', ['3600'], {stdio: 'inherit'});
        writeFileSync(new URL('./pid', import.meta.url), String(child.pid));
        process.send({});
        process.send({inputs: [], token: 'mine'});
        export default {define: {__WORD__: '"taken"'}};`,
      'src/project.js': telling('{word: __WORD__}'),
    });
    expect(await toldBy(await open(folder))).toEqual({word: 'taken'});
    await until(() => !runs(Number(readFileSync(join(folder, 'pid'), 'utf8'))));
  });

  it("has PostCSS use the project's plugins", async () => {
    const files = {
      'postcss.config.cjs': `module.exports = {plugins: [{
        postcssPlugin: 'colour',
        Declaration(declaration) { if (declaration.value === 'brand') declaration.value = 'rgb(1, 2, 3)'; },
      }]};`,
      'src/style.css': `body { color: brand; }`,
      'src/project.js': telling('{colour: getComputedStyle(document.body).color}', `import './style.css';`),
    };
    expect(await toldBy(await open(folderOf(files)))).toEqual({colour: 'rgb(1, 2, 3)'});
  });
});
