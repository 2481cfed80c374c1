import {mkdirSync, mkdtempSync, readdirSync, rmSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it, onTestFinished} from 'vitest';
import {readConfig} from '../../src/apps/config.ts';
import {RenderError} from '../../src/base/errors.ts';
import type {PrivateHost} from '../../src/base/network/private-hosts.ts';
import type {ChunkFile} from '../../src/model/timeline.ts';
import type {ChunkRequest, Renderer} from '../../src/renderers/renderer.ts';
import {readStream} from '../support/annex-b.ts';
import {LOOPBACK} from '../support/loopback.ts';
import {ownTemporaryDirectory, processesIn, scratch} from '../support/processes.ts';
import {PROJECTS} from '../support/project-media.ts';
import {silentServer} from '../support/silent-server.ts';
import {type ThrowAwayProject, throwAwayCache, throwAwayProject} from '../support/throw-away-project.ts';

/** The abilities of the renderer under test. For a missing ability, the suite checks the replacement. */
export interface RendererAbilities {
  /** Hashes frames on request; otherwise it refuses. */
  frameHashes: boolean;
  /** Notices that its browser died; otherwise it finds that nothing moves. */
  noticesCrash: boolean;
}

/** Seconds after which the renderer under test is to give up: without a drawn frame, without a word of a medium. */
interface Limits {
  stallSeconds?: number;
  mediaTimeout?: number;
}

/** Makes the renderer under test for a project. */
export type MakeRenderer = (
  options: {project: string; cache: string; privateHosts: PrivateHost[]; typeCheck: 'off'} & Limits,
) => Renderer;

/** A film without an end that a test would wait for. */
const ENDLESS = 'view.add(<Circle size={10} fill={"red"} />); yield* waitFor(600);';
const NEVER = new AbortController().signal;

/** Draws into a directory of its own, which is removed once `look` has seen the file. */
export async function draw<T>(
  renderer: Renderer,
  chunk: Partial<ChunkRequest> & {start: number; end: number},
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
    const file = await renderer.renderChunk({variables: {}, ...chunk}, options);
    expect(file.frames).toBe(chunk.end - chunk.start);
    return await look?.(file);
  } finally {
    rmSync(directory, {recursive: true, force: true, maxRetries: 5});
  }
}

/** Every renderer passes this. */
export function rendererConformance(name: string, make: MakeRenderer, abilities: RendererAbilities): void {
  describe(`${name} as a Renderer`, () => {
    let folder = '';
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'conformance-'));
    });
    afterAll(() => rmSync(folder, {recursive: true, force: true, maxRetries: 5}));
    /** Writes a project in the place of the one before: Vite may keep what it prepared for this folder. */
    const throwAway = (film: ThrowAwayProject) => {
      const project = join(folder, 'film');
      rmSync(project, {recursive: true, force: true});
      mkdirSync(project);
      return throwAwayProject({...film, folder: project});
    };
    /** A renderer that has to leave nothing behind, whatever the test does with it. */
    const open = async (project: string, limits: Limits = {}) => {
      const cache = project.startsWith(PROJECTS) ? readConfig().cache : await throwAwayCache();
      const temporary = ownTemporaryDirectory();
      const renderer = make({project, cache, privateHosts: LOOPBACK, typeCheck: 'off', ...limits});
      onTestFinished(async () => {
        await renderer.close();
        expect(processesIn(temporary)).toEqual([]);
        expect(readdirSync(temporary)).toEqual([]);
      });
      return {renderer, temporary};
    };
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

    it.each([
      [
        'throws',
        'SceneFailed',
        /^Frame 40, scene "broken": the paint ran out( \(src\/project\.tsx:7:\d+\))?$/,
      ],
      [
        'throws-when-counted',
        'SceneFailed',
        /^Frame 40, scene "broken": the script ended early( \(src\/project\.tsx:7:\d+\))?$/,
      ],
      ['throws-on-load', 'SceneFailed', /reading 'colour'/],
      ['missing-clip', 'MediaFailed', /not-there\.mp4 cannot be read: the server says 404/],
    ])('says what is wrong with the project %s', async (project, errorName, message) => {
      const {renderer} = await open(join(PROJECTS, project));
      const failed = draw(renderer, {start: 20, end: 50});
      await expect(failed).rejects.toBeInstanceOf(RenderError);
      await expect(failed).rejects.toMatchObject({name: errorName, retryable: false});
      await expect(failed).rejects.toThrow(message);
    });

    it.each([
      ['Img', '/not-there.png', /not-there\.png cannot be read: the server says 404/],
      ['Img', '/src/project.tsx', /project\.tsx cannot be read: /],
      ['Audio', '/not-there.mp3', /not-there\.mp3 cannot be read: the server says 404/],
    ])('names the address of a medium that cannot be read: %s %s', async (node, src, message) => {
      const before = "import {Audio, Img} from '@revideo/2d';";
      const scene = `yield* waitFor(0.1); view.add(<${node} src={'${src}'} />); yield* waitFor(1);`;
      const {renderer} = await open(throwAway({before, scene}));
      const failed = draw(renderer, {start: 0, end: 10});
      await expect(failed).rejects.toMatchObject({name: 'MediaFailed', retryable: false});
      await expect(failed).rejects.toThrow(message);
    });

    it.each(['Img', 'Video'])('does not wait for a server that never answers: %s', async (node) => {
      const src = `${await silentServer()}/stalls.mp4`;
      const scene = `view.add(<${node} src={'${src}'} size={10} />); yield* waitFor(1);`;
      const before = "import {Img, Video} from '@revideo/2d';";
      const {renderer} = await open(throwAway({before, scene}), {mediaTimeout: 1});
      const failed = draw(renderer, {start: 0, end: 2});
      const message = `${src} cannot be read: its server has said nothing for 1 s`;
      await expect(failed).rejects.toMatchObject({name: 'MediaFailed'});
      await expect(failed).rejects.toThrow(message);
    });

    it('draws the next chunk after one that failed', async () => {
      const {renderer} = await open(join(PROJECTS, 'throws'));
      await expect(draw(renderer, {start: 30, end: 50})).rejects.toMatchObject({name: 'SceneFailed'});
      await draw(renderer, {start: 0, end: 10});
    });

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

    it('stops when it is told to, and draws the next chunk', async () => {
      const {renderer} = await open(throwAway({scene: ENDLESS}));
      const stop = new AbortController();
      const reason = new RenderError('Aborted', 'a sibling failed');
      const drawing = draw(
        renderer,
        {start: 0, end: 18_000},
        {signal: stop.signal, onFrames: () => stop.abort(reason)},
      );
      await expect(drawing).rejects.toBe(reason);
      await expect(draw(renderer, {start: 0, end: 2}, {signal: stop.signal})).rejects.toBe(reason);
      await draw(renderer, {start: 0, end: 2});
    }, 60_000);

    it('outlives its browser', async () => {
      const {renderer, temporary} = await open(throwAway({scene: ENDLESS}), {stallSeconds: 10});
      const drawing = draw(renderer, {start: 0, end: 18_000}, {onFrames: () => killBrowser(temporary)});
      const errorName = abilities.noticesCrash ? 'BrowserCrashed' : 'RenderStalled';
      await expect(drawing).rejects.toMatchObject({name: errorName, retryable: true});
      await draw(renderer, {start: 0, end: 2});
    }, 90_000);

    it('draws chunks at the same time', async () => {
      const {renderer} = await shapes();
      await draw(renderer, {start: 0, end: 1});
      await Promise.all([draw(renderer, {start: 0, end: 3}), draw(renderer, {start: 30, end: 34})]);
    });

    if (abilities.frameHashes) {
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
    } else {
      it('refuses to hash frames', async () => {
        const {renderer} = await shapes();
        const hashed = draw(renderer, {start: 0, end: 2, frameHashes: true});
        await expect(hashed).rejects.toMatchObject({name: 'BadSetting'});
      });
    }

    it('ends what it started, also when it never drew', async () => {
      const {renderer} = await shapes();
      await renderer.close();
      await renderer.close();
    });
  });
}

/** Kills the browser's first process; the others go with it. */
function killBrowser(temporary: string): void {
  const browsers = processesIn(temporary).filter((line) => /chrom/i.test(line) && !line.includes('--type='));
  for (const line of browsers) process.kill(Number.parseInt(line, 10), 'SIGKILL');
}
