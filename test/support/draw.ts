import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect} from 'vitest';
import type {ChunkFile} from '../../src/model/segment-file.ts';
import type {Renderer, SegmentOrder} from '../../src/renderers/renderer.ts';

import {drawChunk} from './draw-chunk.ts';

const NEVER = new AbortController().signal;

/** Draws into a directory of its own, which is removed once `look` has seen the file. */
export async function draw<T>(
  renderer: Renderer,
  chunk: Partial<SegmentOrder> & {start: number; end: number},
  {
    look,
    signal = NEVER,
    onFrames,
  }: {
    look?: (file: ChunkFile) => Promise<T> | T;
    signal?: AbortSignal;
    onFrames?: (drawn: number) => void;
  } = {},
): Promise<T | undefined> {
  const directory = mkdtempSync(join(tmpdir(), 'chunk-'));
  try {
    const options = {directory, signal, ...(onFrames && {onFrames})};
    const file = await drawChunk(renderer, {variables: {}, ...chunk}, options);
    expect(file.frames).toBe(chunk.end - chunk.start);
    return await look?.(file);
  } finally {
    rmSync(directory, {recursive: true, force: true, maxRetries: 5});
  }
}
