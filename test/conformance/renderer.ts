import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import type {ChunkFile} from '../../src/model/segment-file.ts';
import {readStream} from '../support/annex-b.ts';
import {draw} from '../support/draw.ts';
import {scratch} from '../support/processes.ts';
import {PROJECTS} from '../support/project-media.ts';
import {faultConformance} from './renderer-faults.ts';
import {type MakeRenderer, rendererStage} from './renderer-stage.ts';

const NEVER = new AbortController().signal;

/** Every renderer passes this. */
export function rendererConformance(name: string, make: MakeRenderer): void {
  describe(`${name} as a Renderer`, () => {
    const stage = rendererStage(make);
    const {open, throwAway} = stage;
    const shapes = () => open(join(PROJECTS, 'shapes'));

    it('says what the film is', async () => {
      const {renderer} = await shapes();
      const options = {directory: scratch(), signal: NEVER};
      const film = {
        frames: 61,
        fps: 30,
        segments: [15, 15, 15, 16],
        size: {width: 320, height: 180},
        sounds: [],
      };
      const {revideo, ...plan} = await renderer.plan({}, options);
      expect(plan).toEqual(film);
      // Left out by a renderer that does not know it.
      expect(revideo ?? '0.0.0').toMatch(/^\d+\.\d+\.\d+/);
      expect(await renderer.fingerprint({signal: NEVER})).toBe(await renderer.fingerprint({signal: NEVER}));
    });

    it('draws exactly the frames it is asked for, from a keyframe on', async () => {
      const {renderer} = await shapes();
      for (const [start, end] of [
        [0, 1],
        [0, 61],
        [17, 40],
        [60, 61],
      ] as const) {
        const look = async ({path}: ChunkFile) => readStream(await readFile(path));
        const {types = [], frames} = (await draw(renderer, {start, end}, {look})) ?? {};
        expect(frames).toBe(end - start);
        // Sequence parameters and a keyframe come before any other picture.
        expect(types).toContain(7);
        expect(types.find((type) => type === 1 || type === 5)).toBe(5);
      }
    });

    it('draws any film: at a rate of 60, in a range, without packages of its own', async () => {
      const scene = 'yield* waitFor(0.5);';
      const {renderer} = await open(throwAway({scene, fps: 60, range: [0.1, 0.3]}));
      const {frames} = await renderer.plan({}, {directory: scratch(), signal: NEVER});
      expect(frames).toBe(13);
      const look = async ({path}: ChunkFile) => readStream(await readFile(path)).frames;
      expect(await draw(renderer, {start: 5, end: 8}, {look})).toBe(3);
      expect(await draw(renderer, {start: 11, end: 13}, {look})).toBe(2);
    });

    it('leaves the project its own variables, unless it is given some, which replace all of them', async () => {
      const scene = `const get = (name) => useScene().variables.get(name, 1)();
        for (let left = get('one') + get('two'); left > 1; left--) yield;`;
      const own = {one: 5, two: 7};
      const {renderer} = await open(throwAway({scene, variables: own}));
      const frames = async (variables: Record<string, unknown> | undefined) => {
        const directory = scratch();
        return (await renderer.plan(variables, {directory, signal: NEVER})).frames;
      };
      expect(await frames(undefined)).toBe(12);
      expect(await frames({one: 2})).toBe(3);
      expect(await frames({})).toBe(2);
      expect(
        await draw(renderer, {start: 5, end: 12, variables: undefined}, {look: ({frames}) => frames}),
      ).toBe(7);
      expect(await renderer.readVariables?.({signal: NEVER})).toEqual({own, asked: {}});
    });

    it('hands variables over as data', async () => {
      const variables = {
        // biome-ignore lint/suspicious/noTemplateCurlyInString: This is what must not become one.
        text: '`${process.exit()}` \\ \\n " \' \n \t \u0001 \u000b \u2028 \u2029 </script> déjà 動画 😀 \ud800',
        'a key with ` ${alert(1)} "': [null, true, -0.5, {deep: ['`']}],
      };
      const names = JSON.stringify(Object.keys(variables));
      const scene = `const got = ${names}.map((name) => [name, useScene().variables.get(name, 0)()]);
        throw new Error(encodeURIComponent(JSON.stringify(Object.fromEntries(got))));`;
      const {renderer} = await open(throwAway({scene}));
      const told = await draw(renderer, {start: 0, end: 1, variables}).catch(({message}: Error) => message);
      expect(told).toContain(encodeURIComponent(JSON.stringify(variables)));
    });

    faultConformance(stage);

    it('reports what is drawn, and never more than that', async () => {
      const scene = `for (let x = 0; x < 400; x++) view.add(<Circle size={10} x={x} fill={'red'} />);
        yield* waitFor(7);`;
      const {renderer} = await open(throwAway({scene}));
      const reports: number[] = [];
      await draw(renderer, {start: 0, end: 200}, {onFrames: (drawn) => reports.push(drawn)});
      expect(reports.length).toBeGreaterThan(0);
      expect(reports).toEqual(reports.toSorted((a, b) => a - b));
      expect(Math.max(...reports)).toBeLessThanOrEqual(200);
    });

    it('draws chunks at the same time', async () => {
      const {renderer} = await shapes();
      await draw(renderer, {start: 0, end: 1});
      await Promise.all([draw(renderer, {start: 0, end: 3}), draw(renderer, {start: 30, end: 34})]);
    });

    it('hashes every frame on request', async () => {
      const {renderer} = await shapes();
      const look = ({hashes}: ChunkFile) => hashes;
      expect(await draw(renderer, {start: 3, end: 5}, {look})).toBeUndefined();
      const hashes = await draw(renderer, {start: 3, end: 5, frameHashes: true}, {look});
      expect(hashes).toEqual([
        expect.stringMatching(/^[0-9a-f]{64}$/),
        expect.stringMatching(/^[0-9a-f]{64}$/),
      ]);
    });

    it('ends what it started, also when it never drew', async () => {
      const {renderer} = await shapes();
      await renderer.close();
      await renderer.close();
    });
  });
}
