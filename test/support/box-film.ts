import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {onTestFinished} from 'vitest';
import {readConfig} from '../../src/apps/config.ts';
import type {SeenMedia} from '../../src/model/segment-file.ts';
import type {Timeline} from '../../src/model/timeline.ts';
import {type RevideoOptions, revideoRenderer} from '../../src/renderers/revideo/renderer.ts';
import {boxFont} from './box-font.ts';
import {draw} from './draw.ts';
import {LOOPBACK} from './loopback.ts';
import {PROJECTS} from './project-media.ts';

/** A font that no machine has, and another one. */
export const BOX = {bytes: boxFont({advance: 700, height: 800}), type: 'font/ttf'};
export const OTHER_BOX = {bytes: boxFont({advance: 300, height: 400}), type: 'font/ttf'};

/** A rule for the font "Box". */
export const face = (src: string, more = ''): string => `@font-face {font-family: Box; src: ${src}; ${more}}`;
/** Statements that make a style element. */
export const style = (text: string): string =>
  `document.head.append(Object.assign(document.createElement('style'), {textContent: ${JSON.stringify(text)}}));`;
/** Statements that link a style sheet. */
export const link = (address: string): string =>
  `document.head.append(Object.assign(document.createElement('link'), {rel: 'stylesheet', href: '${address}'}));`;

/** A chunk of a film in the font "Box". */
export interface BoxChunk {
  hashes: string[];
  media: SeenMedia[];
  warnings: string[];
}

/** The renderer of the project `fonts`. */
export interface BoxFilm {
  /** Frames `[start, end)` of a film that begins with these statements. */
  chunk(run: string, range?: readonly [number, number], family?: string): Promise<BoxChunk>;
  /** The same of a film whose length is measured from its text. */
  measured(run: string, range: readonly [number, number]): Promise<BoxChunk>;
  plan(run: string): Promise<Timeline>;
  fingerprint(): Promise<string>;
}

/** Opens the project `fonts`, until the test ends. */
export function openBoxFilm(options: Partial<RevideoOptions> = {}): BoxFilm {
  const renderer = revideoRenderer({
    ...{
      project: join(PROJECTS, 'fonts'),
      cache: readConfig().cache,
      mediaTimeout: 10,
      privateHosts: LOOPBACK,
    },
    ...options,
  });
  onTestFinished(() => renderer.close());
  const chunk = async (variables: Record<string, unknown>, [start, end]: readonly [number, number]) => {
    const look = ({hashes = [], media = [], warnings = []}: Partial<BoxChunk>) => ({hashes, media, warnings});
    const drawn = await draw(renderer, {start, end, variables, frameHashes: true}, {look});
    return drawn ?? {hashes: [], media: [], warnings: []};
  };
  const {signal} = new AbortController();
  return {
    chunk: (run, range = [0, 1], family = 'Box') => chunk({run, family}, range),
    measured: (run, range) => chunk({run, measured: true}, range),
    async plan(run) {
      const directory = await mkdtemp(join(tmpdir(), 'plan-'));
      try {
        return await renderer.plan({run, measured: true}, {directory, signal});
      } finally {
        await rm(directory, {recursive: true, force: true});
      }
    },
    fingerprint: () => renderer.fingerprint({signal}),
  };
}

/** The first frame in a font; without a font if it has no bytes. */
export async function drawnIn(film: BoxFilm, {bytes}: {bytes: Buffer}): Promise<string | undefined> {
  const address = `data:font/ttf;base64,${bytes.toString('base64')}`;
  const {hashes} = await film.chunk(bytes.length > 0 ? style(face(`url(${address})`)) : '');
  return hashes[0];
}
