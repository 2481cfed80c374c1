import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {readConfig} from '../../src/apps/config.ts';
import type {ChunkFile} from '../../src/model/segment-file.ts';
import type {Timeline} from '../../src/model/timeline.ts';
import type {Renderer} from '../../src/renderers/renderer.ts';
import {revideoRenderer} from '../../src/renderers/revideo/renderer.ts';
import {drawChunk} from './draw-chunk.ts';
import {LOOPBACK} from './loopback.ts';
import {ffmpeg} from './media.ts';
import {PROJECTS} from './project-media.ts';

/** Frames `[start, end)`. */
export type Range = readonly [start: number, end: number];

/** A renderer of a test project, the same for every request; its browser ends with it. */
export interface Stage extends AsyncDisposable {
  plan(): Promise<Timeline>;
  /** Hands the chunk's file to `look` before it is removed. */
  chunk<T>(range: Range, look: (file: ChunkFile) => Promise<T> | T): Promise<T>;
  /** Hashes of the frames of all chunks, put in the film's order; rendered in the order that is given. */
  hashes(ranges: readonly Range[]): Promise<string[]>;
  renderer: Renderer;
}

/** Opens a project of `test/projects` with a renderer that has done nothing yet. */
export function openStage(project: string, variables: Record<string, unknown> = {}): Stage {
  const renderer = revideoRenderer({
    project: resolve(PROJECTS, project),
    cache: readConfig().cache,
    // Some take media from a server of the test.
    privateHosts: LOOPBACK,
  });
  const inDirectory = async <T>(work: (options: {directory: string; signal: AbortSignal}) => Promise<T>) => {
    const directory = await mkdtemp(join(tmpdir(), 'exact-test-'));
    try {
      return await work({directory, signal: AbortSignal.timeout(120_000)});
    } finally {
      await rm(directory, {recursive: true, force: true});
    }
  };
  const stage: Stage = {
    renderer,
    plan: () => inDirectory((options) => renderer.plan(variables, options)),
    chunk: ([start, end], look) =>
      inDirectory(async (options) =>
        look(await drawChunk(renderer, {start, end, variables, frameHashes: true}, options)),
      ),
    async hashes(ranges) {
      const hashes: string[] = [];
      for (const range of ranges) {
        const drawn = await stage.chunk(range, (file) => file.hashes ?? []);
        drawn.forEach((hash, index) => {
          hashes[range[0] + index] = hash;
        });
      }
      return hashes;
    },
    [Symbol.asyncDispose]: () => renderer.close(),
  };
  return stage;
}

/** Cuts a film into `count` chunks, or into one a frame if it has fewer frames. */
export function cut(frames: number, count: number): Range[] {
  const chunks = Math.min(count, frames);
  const border = (index: number) => Math.floor((index * frames) / chunks);
  return Array.from({length: chunks}, (_, index) => [border(index), border(index + 1)] as const);
}

/** The same disorder in every run. */
export function shuffle<T>(list: readonly T[], seed: number): T[] {
  let state = seed;
  return list
    .map((item) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return {item, place: state};
    })
    .sort((a, b) => a.place - b.place)
    .map(({item}) => item);
}

/** Indices at which two films differ. */
export const differences = (one: readonly string[], other: readonly string[]): number[] =>
  Array.from({length: Math.max(one.length, other.length)}, (_, index) => index).filter(
    (index) => one[index] !== other[index],
  );

/** A frame's brightness, 0 to 255, row by row. */
export interface Picture {
  width: number;
  height: number;
  pixels: Uint8Array;
}

/** A chunk's frames as ffmpeg decodes them. */
export async function decodeGray(
  {path}: ChunkFile,
  {width, height}: {width: number; height: number},
): Promise<Picture[]> {
  const raw = await ffmpeg(
    '-f',
    'h264',
    '-i',
    path,
    '-vsync',
    '0',
    '-f',
    'rawvideo',
    '-pix_fmt',
    'gray',
    '-',
  );
  const size = width * height;
  return Array.from({length: raw.length / size}, (_, index) => ({
    width,
    height,
    pixels: raw.subarray(index * size, (index + 1) * size),
  }));
}

/** A part of a picture, in pixels from its top left corner. */
export type Area = readonly [x: number, y: number, width: number, height: number];

/** Brightness of an area's pixels. */
export function* pixelsOf({width, pixels}: Picture, [x, y, w, h]: Area): Generator<number> {
  for (let row = y; row < y + h; row++) {
    for (let column = x; column < x + w; column++) yield pixels[row * width + column] ?? 0;
  }
}

/** How far the brightest and the darkest pixel of an area are apart. */
export function contrast(picture: Picture, area: Area): number {
  const values = [...pixelsOf(picture, area)];
  return Math.max(...values) - Math.min(...values);
}

/** Mean brightness of an area. */
export function brightness(picture: Picture, area: Area): number {
  const values = [...pixelsOf(picture, area)];
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
