import {readFile} from 'node:fs/promises';
import {describe, expect, it, onTestFinished} from 'vitest';
import {readConfig} from '../../../src/apps/config.ts';
import {ENCODINGS, type Quality} from '../../../src/model/quality.ts';
import type {Renderer} from '../../../src/renderers/renderer.ts';
import {revideoRenderer} from '../../../src/renderers/revideo/renderer.ts';
import {drawChunk} from '../../support/draw-chunk.ts';
import {scratch} from '../../support/processes.ts';
import {throwAwayProject} from '../../support/throw-away-project.ts';

/** With two processors counted, Chromium's encoder cuts such frames into slices, whose borders it moves by the clock. */
const LARGE = {x: 1280, y: 720};
const SCENE = `const box = createRef();
  view.add(<Rect size={['100%', '100%']} fill={'#123'} />);
  for (let i = 0; i < 60; i++)
    view.add(<Circle x={(i % 12) * 100 - 550} y={Math.floor(i / 12) * 120 - 240} size={90} fill={'hsl(' + i * 6 + ',80%,50%)'} />);
  view.add(<Rect ref={box} size={300} fill={'white'} />);
  for (let i = 0; i < 24; i++) { box().rotation(i * 11); box().x(i * 20 - 240); yield; }`;
const SEGMENTS = [5, 8, 7, 5];

describe.each(['cheapest', 'balanced'] satisfies Quality[])('a segment in the quality %s', (quality) => {
  const openRenderer = (project: string) => {
    const renderer = revideoRenderer({project, cache: readConfig().cache, typeCheck: 'off'});
    onTestFinished(() => renderer.close());
    return renderer;
  };
  const bytesOf = async (renderer: Renderer, [from, to]: readonly [from: number, to: number]) => {
    const segments = SEGMENTS.slice(from, to);
    const sum = (lengths: readonly number[]) => lengths.reduce((total, length) => total + length, 0);
    const start = sum(SEGMENTS.slice(0, from));
    const {path, frames} = await drawChunk(
      renderer,
      {start, end: start + sum(segments), segments, variables: {}, encoding: ENCODINGS[quality]},
      {directory: scratch(), signal: AbortSignal.timeout(120_000)},
    );
    expect(frames).toBe(sum(segments));
    return readFile(path);
  };

  it('has the same bytes in every chunk, in every browser, and at once with others', async () => {
    const project = throwAwayProject({scene: SCENE, size: LARGE});
    const one = openRenderer(project);
    const whole = await bytesOf(one, [0, 4]);
    const other = openRenderer(project);
    const first = await bytesOf(other, [0, 1]);
    // Two at once, as on a machine with other work.
    const [middle, last] = await Promise.all([bytesOf(other, [1, 3]), bytesOf(other, [3, 4])]);
    expect(Buffer.concat([first, middle, last]).equals(whole)).toBe(true);
  });
});
