import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {describe, expect, it} from 'vitest';
import manifest from '../../../package.json' with {type: 'json'};
import {REVIDEO_VERSION} from '../../../src/base/version.ts';

/** The version that everything below was read in. */
const VERSION = '0.11.0';
const PACKAGES = ['@revideo/2d', '@revideo/core', '@revideo/renderer', '@revideo/ui', '@revideo/vite-plugin'];

const require = createRequire(import.meta.url);

it('a film says which Revideo it was drawn with', () => {
  expect(REVIDEO_VERSION).toBe(VERSION);
});
const read = (path: string) =>
  readFileSync(new URL(`../../../node_modules/${path}`, import.meta.url), 'utf8');

/**
 * Facts that we rely on and Revideo does not promise: the fact, its file, its form there, and our code that
 * relies on it.
 */
const RELIED_ON: [what: string, file: string, look: RegExp, by: string][] = [
  ['Node.render', '@revideo/2d/lib/components/Node.js', /^ {4}async render\(context\) \{/m, 'page/nodes.ts'],
  [
    'Node.cachedCanvas as a computed property, whose context can be marked dirty',
    '@revideo/2d/lib/components/Node.js',
    /computed\(\)\s*\], Node\.prototype, "cachedCanvas"/,
    'page/nodes.ts',
  ],
  [
    'markDirty of a signal',
    '@revideo/core/lib/signals/DependencyContext.js',
    /this\.markDirty = /,
    'page/nodes.ts',
  ],
  [
    'Video.seekFunction, from which alone its picture comes',
    '@revideo/2d/lib/components/Video.js',
    /const video = await this\.seekFunction\(\);/,
    'page/nodes.ts',
  ],
  [
    'Video.webcodecSeekedVideo, which returns what getFrame gives',
    '@revideo/2d/lib/components/Video.js',
    /async webcodecSeekedVideo\(\) \{[\s\S]{0,500}?return getFrame\(this\.key, video\.src, time, fps\);/,
    'page/nodes.ts and page/clip.ts',
  ],
  [
    'the module that clip.ts stands in for',
    '@revideo/2d/lib/components/Video.js',
    /import \{ dropExtractor, getFrame \} from '\.\.\/utils\/video\/mp4-parser-manager';/,
    'bundle.ts',
  ],
  [
    'dropExtractor when a clip is gone',
    '@revideo/2d/lib/components/Video.js',
    /dropExtractor\(this\.key, this\.video\(\)\.src\);/,
    'page/clip.ts',
  ],
  [
    'Media.volume, which getVolume tells the sound track',
    '@revideo/2d/lib/components/Media.js',
    /getVolume\(\) \{\s*return this\.volume;/,
    'page/nodes.ts',
  ],
  [
    'Media.setVolume, which leaves that volume as it is',
    '@revideo/2d/lib/components/Media.js',
    /setVolume\(volume\) \{(?:(?!this\.volume =)[\s\S])*?\n {4}\}/,
    'page/nodes.ts',
  ],
  [
    'Rive.rive with its animation',
    '@revideo/2d/lib/components/Rive.js',
    /return \{ rive, renderer, artboard, animation, canvas \};/,
    'page/nodes.ts',
  ],
  [
    'Rive.getAnimation',
    '@revideo/2d/lib/components/Rive.js',
    /getAnimation\(animationId, artboard, rive\) \{/,
    'page/nodes.ts',
  ],
  [
    'Rive.draw, which moves its animation on by itself',
    '@revideo/2d/lib/components/Rive.js',
    /async draw\(context\) \{[\s\S]*animation\.advance\(timeToAdvance\);/,
    'page/nodes.ts',
  ],
  [
    "Rive's player at '/@rive-wasm'",
    '@revideo/2d/lib/components/Rive.js',
    /return '\/@rive-wasm';/,
    'bundle.ts',
  ],
  [
    'a picture named in the remarks of its error',
    '@revideo/2d/lib/components/Img.js',
    /reject\(new DetailedError\(\{[\s\S]*?<pre><code>\$\{src\}<\/code><\/pre>/,
    'page/failures.ts',
  ],
  [
    'pictures made by document.createElement',
    '@revideo/2d/lib/components/Img.js',
    /image = document\.createElement\('img'\);/,
    'page/failures.ts',
  ],
  [
    'clips made by document.createElement',
    '@revideo/2d/lib/components/Video.js',
    /video = document\.createElement\('video'\);/,
    'page/failures.ts',
  ],
  [
    'sounds made by document.createElement',
    '@revideo/2d/lib/components/Audio.js',
    /audio = document\.createElement\('audio'\);/,
    'page/failures.ts',
  ],
  [
    'PlaybackManager.frame as a plain field',
    '@revideo/core/lib/app/PlaybackManager.js',
    /constructor\(\) \{\s*this\.frame = 0;/,
    'page/film.ts',
  ],
  [
    "JSX of '@revideo/2d/lib'",
    '@revideo/2d/lib/jsx-runtime.js',
    /export \{[^}]*\bjsx\b|export function jsx/,
    'bundle.ts',
  ],
  ['types of images and shaders', '@revideo/core/project.d.ts', /declare module|<reference/, 'type-check.ts'],
  [
    'Renderer.playback and Renderer.stage',
    '@revideo/core/lib/app/Renderer.js',
    /this\.stage = new Stage\(\);[\s\S]*this\.playback = new PlaybackManager\(\);/,
    'bench/partial-video/page.ts',
  ],
  [
    'WasmExporter.stop and WasmExporter.generateAudio',
    '@revideo/core/lib/exporter/WasmExporter.js',
    /async stop\(\) \{[\s\S]*async generateAudio\(assets, startFrame, endFrame\) \{/,
    'bench/partial-video/page.ts',
  ],
  [
    'window.browserError',
    '@revideo/core/lib/app/Logger.js',
    /if \(window\.browserError\) \{/,
    'bench/partial-video/page.ts',
  ],
  [
    "a page that imports render from '@revideo/renderer/lib/client/render'",
    '@revideo/renderer/lib/server/renderer-plugin.js',
    /import \{render\} from '@revideo\/renderer\/lib\/client\/render';/,
    'bench/partial-video/renderer.ts',
  ],
  [
    "settings that are pasted into a template literal and handed to the page's render",
    '@revideo/renderer/lib/server/renderer-plugin.js',
    /render\(project, workerId, totalNumOfWorkers, hiddenFolderId, JSON\.parse\(\\`\$\{projectSettingsString\}\\`\)\);/,
    'bench/partial-video/child.ts and page.ts',
  ],
  [
    'onRenderComplete and onRenderFailed, which the page calls',
    '@revideo/renderer/lib/server/render-video.js',
    /exposeFunction\('onRenderComplete'[\s\S]*exposeFunction\('onRenderFailed'/,
    'bench/partial-video/page.ts',
  ],
  [
    "an added '--single-process'",
    '@revideo/renderer/lib/server/render-video.js',
    /args\.push\('--single-process'\);/,
    'bench/partial-video/child.ts',
  ],
];

describe('Revideo is the one that this program was written for', () => {
  it.each(PACKAGES)('%s', (name) => {
    const {version} = JSON.parse(read(`${name}/package.json`)) as {version: string};
    const advice = `Read what changed since ${VERSION}, mend what fails below, then write the new version into this test.`;
    expect(version, `${name} is ${version} here. ${advice}`).toBe(VERSION);
    const wanted = (manifest.dependencies as Record<string, string>)[name];
    expect(wanted, `package.json must pin ${name}: we rely on what is private in it.`).toBe(VERSION);
  });

  it.each(RELIED_ON)('it has %s', (what, file, look, by) => {
    const sentence = `${file} does not have ${what} as it had in ${VERSION}. Look at ${by.startsWith('bench/') ? '' : 'src/renderers/revideo/'}${by}: it relies on this.`;
    expect(look.test(read(file)), sentence).toBe(true);
  });

  it.each([
    ['meta', 'metaPlugin'],
    ['webgl', 'webglPlugin'],
  ])('its vite plugin has the part %s', (part, name) => {
    const parts = require(`@revideo/vite-plugin/lib/partials/${part}`) as Record<string, () => unknown>;
    const sentence = `@revideo/vite-plugin/lib/partials/${part} exports no function ${name} any more, which src/renderers/revideo/bundle.ts calls.`;
    expect(parts[name], sentence).toBeTypeOf('function');
    expect(parts[name]?.(), sentence).toMatchObject({name: expect.any(String)});
  });
});
