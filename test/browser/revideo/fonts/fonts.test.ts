import {describe, expect, it} from 'vitest';
import {BOX, drawnIn, face, link, OTHER_BOX, openBoxFilm, style} from '../../../support/box-film.ts';
import {startOrigin} from '../../../support/origin.ts';

const css = (text: string) => ({bytes: Buffer.from(text), type: 'text/css'});

/** Ways in which a project gets a font of another server. */
const WAYS: Record<string, (at: string) => string> = {
  'a style element': (at) => style(face(`url(${at}/box.ttf)`)),
  'a linked style sheet': (at) => link(`${at}/styles/box.css`),
  'a style sheet behind a redirect': (at) => link(`${at}/moved.css`),
  'an imported style sheet': (at) => style(`@import url("${at}/styles/box.css");`),
  'a rule': (at) =>
    `${style('')} document.head.lastChild.sheet.insertRule(${JSON.stringify(face(`url(${at}/box.ttf)`))});`,
  'an adopted style sheet': (at) =>
    `const sheet = new CSSStyleSheet(); sheet.replaceSync(${JSON.stringify(face(`url(${at}/box.ttf)`))});
     document.adoptedStyleSheets.push(sheet);`,
  markup: (at) =>
    `document.head.insertAdjacentHTML('beforeend', '<link rel="stylesheet" href="${at}/styles/box.css">');`,
  FontFace: (at) => `document.fonts.add(new FontFace('Box', 'url(${at}/box.ttf)'));`,
  'a FontFace that nobody waits for': (at) =>
    `new FontFace('Box', 'url(${at}/box.ttf)').load().then((font) => document.fonts.add(font));`,
  'a font that is optional': (at) => style(face(`url(${at}/box.ttf)`, 'font-display: optional')),
};

describe('A font of another server', {timeout: 120_000}, () => {
  it('is drawn without CORS headers, and counts as seen, however it is asked for', async () => {
    const film = openBoxFilm();
    const origin = await startOrigin({'/box.ttf': BOX, '/styles/box.css': css(face('url(../box.ttf)'))});
    origin.disturb = ({url}, response) =>
      url === '/moved.css' && !!response.writeHead(302, {location: '/styles/box.css'}).end();
    const expected = await drawnIn(film, BOX);
    expect(await drawnIn(film, {bytes: Buffer.alloc(0)})).not.toBe(expected);
    const seen = expect.objectContaining({
      name: `${origin.address}/box.ttf`,
      length: BOX.bytes.length,
      etag: expect.stringMatching(/^"sha256-/),
    });
    for (const [way, run] of Object.entries(WAYS)) {
      const {hashes, media} = await film.chunk(run(origin.address));
      expect([way, ...hashes]).toEqual([way, expected]);
      expect(media, way).toContainEqual(seen);
    }
  });

  it('that is another one each time the film is played ends the render, and is named', async () => {
    const origin = await startOrigin({'/box.ttf': BOX});
    const run = `window.plays = (window.plays ?? 0) + 1;
      new FontFace('Endless ' + window.plays, 'url(${origin.address}/box.ttf)').load()
        .then((font) => document.fonts.add(font));`;
    const endless = {name: 'SceneFailed', message: expect.stringMatching(/another font .* Endless \d+/s)};
    await expect(openBoxFilm().chunk(run)).rejects.toMatchObject(endless);
    await expect(openBoxFilm().plan(run)).rejects.toMatchObject(endless);
  });

  it('is told from the one that takes its place, though its server tells of no version', async () => {
    const film = openBoxFilm();
    const origin = await startOrigin({'/box.ttf': BOX});
    const run = style(face(`url(${origin.address}/box.ttf)`));
    const {media: before} = await film.chunk(run);
    origin.files.set('/box.ttf', OTHER_BOX);
    const {hashes, media} = await film.chunk(run);
    expect(hashes).toEqual([await drawnIn(film, OTHER_BOX)]);
    expect(media[0]?.id).toBe(before[0]?.id);
    expect(media[0]?.etag).not.toBe(before[0]?.etag);
  });

  it('is asked for as the browser would ask', async () => {
    const origin = await startOrigin();
    const agents: unknown[] = [];
    origin.disturb = ({headers}, response) => {
      agents.push(headers['user-agent']);
      return !!response.writeHead(200, {'content-type': 'text/css'}).end('/* none */');
    };
    await openBoxFilm().chunk(link(`${origin.address}/fonts.css?family=Box`));
    expect(agents).toEqual([expect.stringMatching(/Chrome/)]);
  });

  it('is as late as it likes: any cut gives the same frames, and the plan the same length', async () => {
    const film = openBoxFilm();
    const origin = await startOrigin({'/box.ttf': BOX, '/late.ttf': OTHER_BOX});
    const late = face(`url(${origin.address}/late.ttf)`).replace('Box', 'Late');
    const run = style(`${face(`url(${origin.address}/box.ttf)`)} ${late}`);
    const prompt = await film.plan(run);
    const whole = await film.measured(run, [0, prompt.frames]);
    // Three boxes of 0.7 times 12 pixels: 0.252 s, and 0.3 s.
    expect(prompt.frames).toBe(17);
    expect(new Set(whole.hashes).size).toBeGreaterThan(1);
    const slow = openBoxFilm();
    origin.disturb = ({url}, response) => {
      const file = url && origin.files.get(url);
      if (file) setTimeout(() => response.writeHead(200, {'content-type': file.type}).end(file.bytes), 1000);
      return Boolean(file);
    };
    expect(await slow.plan(run)).toEqual(prompt);
    const hashes: string[] = [];
    for (const [start, end] of [
      [14, 17],
      [0, 4],
      [4, 8],
      [8, 9],
      [9, 14],
    ] as const) {
      for (const [index, hash] of (await slow.measured(run, [start, end])).hashes.entries())
        hashes[start + index] = hash;
    }
    expect(hashes).toEqual(whole.hashes);
  });
});
