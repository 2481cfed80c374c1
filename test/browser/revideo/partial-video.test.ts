import {readdirSync} from 'node:fs';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it, onTestFinished} from 'vitest';
import {readConfig} from '../../../src/apps/config.ts';
import {partialVideoRenderer} from '../../../src/renderers/revideo/partial-video.ts';
import {revideoRenderer} from '../../../src/renderers/revideo/renderer.ts';
import {rendererConformance} from '../../conformance/renderer.ts';
import {draw} from '../../support/draw.ts';
import {ownTemporaryDirectory, processesIn} from '../../support/processes.ts';
import {PROJECTS} from '../../support/project-media.ts';
import {throwAwayCache, throwAwayProject} from '../../support/throw-away-project.ts';

const {cache} = readConfig();

/** Kept from test to test: to prepare Revideo's packages takes Vite longer than most of these films. */
let viteCache = '';
beforeAll(async () => {
  viteCache = await mkdtemp(join(tmpdir(), 'partial-video-vite-'));
});
afterAll(() => rm(viteCache, {recursive: true, force: true, maxRetries: 5}));

rendererConformance('renderPartialVideo', (options) => partialVideoRenderer({...options, viteCache}), {
  frameHashes: false,
  noticesCrash: false,
});

describe('renderPartialVideo', () => {
  const never = new AbortController().signal;

  it('is told apart from our page by its fingerprint', async () => {
    const options = {project: join(PROJECTS, 'shapes'), cache};
    const [ours, theirs] = [revideoRenderer(options), partialVideoRenderer(options)];
    onTestFinished(async () => {
      await Promise.all([ours.close(), theirs.close()]);
    });
    expect(await theirs.fingerprint({signal: never})).not.toBe(await ours.fingerprint({signal: never}));
  });

  it('ends a child in which nothing moves, with what it said last', async () => {
    const before = 'console.log("about to wait"); await new Promise(() => {});';
    const project = throwAwayProject({before, scene: 'yield;'});
    const cache = await throwAwayCache();
    const temporary = ownTemporaryDirectory();
    const renderer = partialVideoRenderer({project, cache, stallSeconds: 20});
    onTestFinished(() => renderer.close());
    const drawing = draw(renderer, {start: 0, end: 2});
    await expect(drawing).rejects.toMatchObject({name: 'RenderStalled', retryable: true});
    await expect(drawing).rejects.toThrow(/20 s[\s\S]*about to wait/);
    expect(processesIn(temporary)).toEqual([]);
  });

  it('does not lose a short picture that is drawn before the sound is asked for', async () => {
    const before = `const {fetch} = window;
      window.fetch = async (address, init) => {
        if (String(address).endsWith('/generate-audio')) await new Promise((resolve) => setTimeout(resolve, 1000));
        return fetch(address, init);
      };`;
    const project = throwAwayProject({before, scene: 'yield* waitFor(0.2);'});
    const renderer = partialVideoRenderer({project, cache: await throwAwayCache()});
    onTestFinished(() => renderer.close());
    await draw(renderer, {start: 0, end: 3});
  });

  it('writes nothing into the project', async () => {
    const project = throwAwayProject({scene: 'yield* waitFor(0.2);'});
    const before = readdirSync(project, {recursive: true});
    const renderer = partialVideoRenderer({project, cache: await throwAwayCache()});
    onTestFinished(() => renderer.close());
    await draw(renderer, {start: 0, end: 3});
    expect(readdirSync(project, {recursive: true})).toEqual(before);
  });
});
