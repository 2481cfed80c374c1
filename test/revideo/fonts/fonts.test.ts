import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it, onTestFinished} from 'vitest';
import type {ChunkFile} from '../../../src/renderer.ts';
import {type RevideoOptions, revideoRenderer} from '../../../src/revideo/renderer.ts';
import {draw} from '../../conformance/renderer.ts';
import {boxFont} from '../../support/box-font.ts';
import {LOOPBACK} from '../../support/loopback.ts';
import {type Origin, startOrigin} from '../../support/origin.ts';
import {type ThrowAwayProject, throwAwayCache, throwAwayProject} from '../../support/throw-away-project.ts';

const FONT = {bytes: boxFont({advance: 700, height: 800}), type: 'font/ttf'};
const OTHER = {bytes: boxFont({advance: 300, height: 400}), type: 'font/ttf'};
/** A text in the font "Box". */
const TEXT = `view.add(<Txt text={'MMM'} fontFamily={'Box'} fontSize={12} fill={'white'} />);`;
const LOADS = `await document.fonts.load('12px Box');`;

const css = (text: string) => ({bytes: Buffer.from(text), type: 'text/css'});
/** Statements that make a style sheet of this text. */
const style = (text: string) =>
  `document.head.append(Object.assign(document.createElement('style'), {textContent: ${JSON.stringify(text)}}));`;
const link = (address: string) =>
  `document.head.append(Object.assign(document.createElement('link'), {rel: 'stylesheet', href: '${address}'}));`;
const face = (src: string, more = '') => `@font-face {font-family: Box; src: ${src}; ${more}}`;

/** A renderer of a project that is gone after the test. */
async function open(
  {before = '', scene = `${TEXT} yield* waitFor(1);`, ...film}: Partial<ThrowAwayProject>,
  {files = {}, ...options}: Partial<RevideoOptions> & {files?: Record<string, Buffer>} = {},
) {
  const imports = "import {Layout, Txt} from '@revideo/2d';";
  const project = throwAwayProject({...film, before: `${imports}\n${before}`, scene});
  mkdirSync(join(project, 'public'));
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(project, name), bytes);
  const renderer = revideoRenderer({
    ...{project, cache: await throwAwayCache(), mediaTimeout: 10, privateHosts: LOOPBACK},
    ...options,
  });
  onTestFinished(() => renderer.close());
  return renderer;
}

const look = (file: ChunkFile) => ({hashes: file.hashes ?? [], media: file.media ?? []});
type Renderer = Awaited<ReturnType<typeof open>>;
const chunk = async (renderer: Renderer, start: number, end: number) =>
  (await draw(renderer, {start, end, frameHashes: true}, {look})) ?? {hashes: [], media: []};
/** What the first frame looks like. */
const first = async (renderer: Renderer) => (await chunk(renderer, 0, 1)).hashes[0];

/** What `TEXT` looks like in a font. */
const drawnIn = async ({bytes}: {bytes: Buffer}) => {
  const address = `data:font/ttf;base64,${bytes.toString('base64')}`;
  return first(await open({before: style(face(`url(${address})`))}));
};

const refuse =
  (path: string, status = 404): Origin['disturb'] =>
  ({url}, response) =>
    url === path && !!response.writeHead(status).end();

describe('A font', {timeout: 120_000}, () => {
  it.each([
    ['a style element', (at: string) => style(face(`url(${at}/box.ttf)`))],
    ['a linked style sheet', (at: string) => link(`${at}/styles/box.css`)],
    ['a style sheet behind a redirect', (at: string) => link(`${at}/moved.css`)],
    ['an imported style sheet', (at: string) => style(`@import url("${at}/styles/box.css");`)],
    [
      'a rule',
      (at: string) => `${style('')} document.styleSheets[0].insertRule("${face(`url(${at}/box.ttf)`)}");`,
    ],
    [
      'an adopted style sheet',
      (at: string) => `const sheet = new CSSStyleSheet(); sheet.replaceSync("${face(`url(${at}/box.ttf)`)}");
        document.adoptedStyleSheets.push(sheet);`,
    ],
    [
      'FontFace',
      (at: string) => `const font = new FontFace('Box', 'url(${at}/box.ttf)'); document.fonts.add(font);`,
    ],
    [
      'FontFace that nobody waits for',
      (at: string) =>
        `new FontFace('Box', 'url(${at}/box.ttf)').load().then((font) => document.fonts.add(font));`,
    ],
    ['a font that is optional', (at: string) => style(face(`url(${at}/box.ttf)`, 'font-display: optional'))],
  ])('of another server without CORS headers is drawn and counts as seen: %s', async (_, before) => {
    const origin = await startOrigin({
      '/box.ttf': FONT,
      '/styles/box.css': css(face('url(../box.ttf)')),
    });
    origin.disturb = ({url}, response) =>
      url === '/moved.css' && !!response.writeHead(302, {location: '/styles/box.css'}).end();
    const {hashes, media} = await chunk(await open({before: before(origin.address)}), 0, 1);
    expect(hashes).toEqual([await drawnIn(FONT)]);
    expect(media).toContainEqual(
      expect.objectContaining({
        name: `${origin.address}/box.ttf`,
        length: FONT.bytes.length,
        etag: expect.stringMatching(/^"sha256-/),
      }),
    );
  });
});
