import {describe, expect, it} from 'vitest';
import {findChangedMedia} from '../../../../src/job/chunks/changed-media.ts';
import {BOX, type BoxFilm, drawnIn, face, link, openBoxFilm, style} from '../../../support/box-film.ts';
import {type Origin, startOrigin} from '../../../support/origin.ts';
import {silentServer} from '../../../support/silent-server.ts';

const answer =
  (status: number, headers: Record<string, string> = {}, body = ''): Origin['disturb'] =>
  (_, response) =>
    !!response.writeHead(status, headers).end(body);
const failing = async (disturb: Origin['disturb']) => {
  const origin = await startOrigin();
  origin.disturb = disturb;
  return origin.address;
};
const none: (film: BoxFilm) => Promise<string | undefined> = (film) =>
  drawnIn(film, {bytes: Buffer.alloc(0)});

describe('A font that cannot be had', {timeout: 120_000}, () => {
  it.each([
    ['is not there', answer(404), 'cannot be read: the server says 404'],
    ['has a server that fails', answer(500), 'cannot be read: the server says 500'],
    ['is a page', answer(200, {'content-type': 'text/html'}, 'Log in'), 'its server has sent a web page'],
    ['is none', answer(200, {'content-type': 'font/ttf'}, 'words'), 'None of its files is a font'],
    [
      'is too large',
      answer(206, {'content-type': 'font/ttf', 'content-range': 'bytes 0-1048575/9000000000'}),
      'it has more than the 5000 MB',
    ],
  ])('ends the render with its address: %s', async (_, disturb, reason) => {
    const address = await failing(disturb);
    const drawn = openBoxFilm().chunk(style(face(`url(${address}/box.ttf?key=secret)`)));
    await expect(drawn).rejects.toMatchObject({
      name: 'MediaFailed',
      message: expect.stringMatching(/^The font "Box" cannot be used\. .*REVIDEO_MISSING_FONTS=warn/),
    });
    await expect(drawn).rejects.toThrow(reason);
    if (!reason.startsWith('None'))
      await expect(drawn).rejects.toThrow(`${address}/box.ttf?… cannot be read`);
    await expect(drawn).rejects.not.toThrow('secret');
  });

  it('is named when it is a file of public/', async () => {
    const drawn = openBoxFilm().chunk(style(face('url(/fonts/box.ttf)')));
    await expect(drawn).rejects.toThrow(
      '"Box" cannot be used. /fonts/box.ttf cannot be read: the server says 404.',
    );
  });

  it('is named when the project catches its failure', async () => {
    const address = await failing(answer(404));
    const run = `${style(face(`url(${address}/box.ttf)`))} await document.fonts.load('12px Box').catch(() => {});`;
    await expect(openBoxFilm().chunk(run)).rejects.toThrow(
      `${address}/box.ttf cannot be read: the server says 404.`,
    );
  });

  it('is named when a FontFace of the project fails', async () => {
    const address = await failing(answer(404));
    const run = `await new FontFace('Box', 'url(${address}/box.ttf)').load();`;
    await expect(openBoxFilm().chunk(run)).rejects.toThrow(
      `${address}/box.ttf cannot be read: the server says 404.`,
    );
  });

  it('is named when it is out of bounds', async () => {
    const origin = await startOrigin({'/box.ttf': BOX});
    const drawn = openBoxFilm({privateHosts: []}).chunk(style(face(`url(${origin.address}/box.ttf)`)));
    await expect(drawn).rejects.toThrow(
      /\/box\.ttf cannot be read: .* that REVIDEO_PRIVATE_HOSTS does not name/,
    );
    expect(origin.requests).toEqual([]);
  });

  it('is warned of where the project brings none, unless the machine has it', async () => {
    const film = openBoxFilm();
    expect((await film.chunk('')).warnings).toEqual([
      expect.stringMatching(/^No font Box was found, neither in the project nor on this machine/),
    ]);
    for (const family of ['Open Sans', 'Box, "open sans"', 'Box, sans-serif'])
      expect((await film.chunk('', [0, 1], family)).warnings).toEqual([]);
  });

  it('is not missed where nothing needs it', async () => {
    const address = await failing(answer(404));
    const film = openBoxFilm();
    const other = face(`url(${address}/other.ttf)`).replace('Box', 'Other');
    expect((await film.chunk(style(other))).hashes).toEqual([await none(film)]);
  });

  it('is not missed where its next file is there', async () => {
    const film = openBoxFilm();
    const origin = await startOrigin({'/box.ttf': BOX});
    const run = style(face(`url(${origin.address}/box.woff2), url(${origin.address}/box.ttf)`));
    expect((await film.chunk(run)).hashes).toEqual([await drawnIn(film, BOX)]);
  });

  it('is done without by those who want that, and told from one that is there', async () => {
    const film = openBoxFilm({missingFonts: 'warn'});
    const origin = await startOrigin({'/box.ttf': BOX});
    const run = style(face(`url(${origin.address}/box.ttf)`));
    const whole = await film.chunk(run);
    origin.disturb = answer(404);
    const without = await film.chunk(run);
    expect(whole.warnings).toEqual([]);
    expect(without.warnings).toEqual([
      `The font "Box" cannot be used. ${origin.address}/box.ttf cannot be read: the server says 404.`,
    ]);
    expect(whole.hashes).toEqual([await drawnIn(film, BOX)]);
    expect(without.hashes).toEqual([await none(film)]);
    expect(without.media).toEqual([{...whole.media[0], length: undefined, etag: undefined, missing: true}]);
    const chunks = [whole, without].map(({media}) => ({media, found: false}));
    expect(findChangedMedia(chunks)).toEqual({chunks: [0, 1], names: [`${origin.address}/box.ttf`]});
    expect(await film.fingerprint()).not.toBe(await openBoxFilm().fingerprint());
  });
});

describe('A style sheet that cannot be had', {timeout: 120_000}, () => {
  it.each([
    ['linked', link],
    ['imported', (address: string) => style(`@import url("${address}");`)],
  ])('ends the render with its address: %s', async (_, use) => {
    const address = await failing(answer(503));
    await expect(openBoxFilm().chunk(use(`${address}/box.css?key=secret`))).rejects.toMatchObject({
      name: 'MediaFailed',
      message: expect.stringContaining(
        `The style sheet ${address}/box.css?… cannot be read: the server says 503.`,
      ),
    });
  });

  it('is named when its server is silent', async () => {
    const address = await silentServer();
    const drawn = openBoxFilm({mediaTimeout: 1}).chunk(link(`${address}/box.css`));
    await expect(drawn).rejects.toThrow(
      `${address}/box.css cannot be read: its server has said nothing for 1 s.`,
    );
  });

  it('is named when it is a file of public/', async () => {
    await expect(openBoxFilm().chunk(link('/box.css'))).rejects.toThrow(
      'The style sheet /box.css cannot be read: the server says 404.',
    );
  });

  it('is done without by those who want that', async () => {
    const film = openBoxFilm({missingFonts: 'warn'});
    const address = await failing(answer(404));
    const {hashes, warnings} = await film.chunk(link(`${address}/box.css`));
    expect(hashes).toEqual([await none(film)]);
    expect(warnings).toEqual([
      expect.stringMatching('No font Box was found'),
      `The style sheet ${address}/box.css cannot be read: the server says 404.`,
    ]);
  });
});
