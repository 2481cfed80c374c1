import {join} from 'node:path';
import {describe, expect, it, onTestFinished} from 'vitest';
import {readConfig} from '../../../src/apps/config.ts';
import type {ChunkFile} from '../../../src/model/segment-file.ts';
import {revideoRenderer} from '../../../src/renderers/revideo/renderer.ts';
import {rendererConformance} from '../../conformance/renderer.ts';
import {draw} from '../../support/draw.ts';
import {cut, type Range, shuffle} from '../../support/exact.ts';
import {ownTemporaryDirectory, processesBelow, processesIn, until} from '../../support/processes.ts';
import {PROJECTS} from '../../support/project-media.ts';
import {type ThrowAwayProject, throwAwayCache, throwAwayProject} from '../../support/throw-away-project.ts';

const {cache} = readConfig();

rendererConformance('Our page', revideoRenderer);

describe('Our page', () => {
  const open = () => revideoRenderer({project: join(PROJECTS, 'shapes'), cache});
  const look = ({hashes = []}: ChunkFile) => hashes;
  /** A renderer of a project that is gone after the test, as the renderer is. */
  const openThrowAway = async (project: ThrowAwayProject) => {
    const renderer = revideoRenderer({
      project: throwAwayProject(project),
      cache: await throwAwayCache(),
      typeCheck: 'off',
    });
    onTestFinished(() => renderer.close());
    return renderer;
  };

  it('draws every frame alike, however the film is cut, in any order, warm or cold', async () => {
    const hashes = async (ranges: readonly Range[]) => {
      const film: string[] = [];
      const renderer = open();
      try {
        for (const [start, end] of ranges) {
          const drawn = await draw(renderer, {start, end, frameHashes: true}, {look});
          film.splice(start, 0);
          for (const [index, hash] of (drawn ?? []).entries()) film[start + index] = hash;
        }
      } finally {
        await renderer.close();
      }
      return film;
    };
    const whole = await hashes([[0, 61]]);
    expect(new Set(whole).size).toBeGreaterThan(50);
    expect(await hashes(cut(61, 2))).toEqual(whole);
    expect(await hashes(shuffle(cut(61, 7), 1))).toEqual(whole);
    expect(await hashes(shuffle(cut(61, 61), 2))).toEqual(whole);
  });

  it('draws other variables as another film, and the first ones again as the first', async () => {
    const renderer = open();
    try {
      const film = (message: string) =>
        draw(renderer, {start: 0, end: 2, variables: {message}, frameHashes: true}, {look});
      const first = await film('first');
      expect(await film('second')).not.toEqual(first);
      expect(await film('first')).toEqual(first);
    } finally {
      await renderer.close();
    }
  });

  it('finds nothing in what the browser stores of the chunk before', async () => {
    // A page plays its film to count it and again to draw it; what it finds the second time is its own.
    const scene = `const found = [localStorage.getItem('before'), document.cookie];
      if (!globalThis.begun && found.some(Boolean)) throw new Error('left behind: ' + found.join());
      globalThis.begun = true;
      localStorage.setItem('before', 'a stored word');
      document.cookie = 'before=a cookie';
      yield* waitFor(0.1);`;
    const renderer = await openThrowAway({scene});
    // More than one tab is used for.
    for (const start of [0, 1, 2, 0, 1, 2]) await draw(renderer, {start, end: start + 1});
  });

  it('waits for a project that waits while it is loaded', async () => {
    const before = 'await new Promise((resolve) => setTimeout(resolve, 1000));';
    const renderer = await openThrowAway({before, scene: 'yield;'});
    await draw(renderer, {start: 0, end: 1});
  });

  it('says what a project fails with that waits while it is loaded', async () => {
    const before = `await new Promise((resolve) => setTimeout(resolve, 500)); throw new Error('came late');`;
    const renderer = await openThrowAway({before, scene: 'yield;'});
    await expect(draw(renderer, {start: 0, end: 1})).rejects.toThrow(/came late \(src\/project\.tsx:3:/);
  });

  it('lets a project hear of its own picture that it cannot be read, and go on', async () => {
    const scene = `const picture = document.createElement('img');
      const heard = new Promise((resolve) => picture.addEventListener('error', resolve));
      picture.src = '/not-there.png';
      yield heard;
      yield* waitFor(0.5);`;
    const renderer = await openThrowAway({scene});
    await draw(renderer, {start: 5, end: 8});
  });

  it('says its own error of a project that lost a picture before', async () => {
    const scene = `const picture = document.createElement('img');
      const heard = new Promise((resolve) => picture.addEventListener('error', resolve));
      picture.src = '/not-there.png';
      yield heard;
      throw new Error('nothing to do with it');`;
    const renderer = await openThrowAway({scene});
    const failed = draw(renderer, {start: 0, end: 1});
    await expect(failed).rejects.toMatchObject({name: 'SceneFailed'});
    await expect(failed).rejects.toThrow(/: nothing to do with it \(src/);
  });

  it('has no more processes after 30 chunks than after 5', async () => {
    const temporary = ownTemporaryDirectory();
    const renderer = open();
    onTestFinished(() => renderer.close());
    const drawChunks = async (from: number, to: number) => {
      for (let start = from; start < to; start++) await draw(renderer, {start, end: start + 1});
    };
    await drawChunks(0, 5);
    // Every tab has a process of its own.
    const browser = () => processesIn(temporary).filter((line) => !line.includes('--type='));
    const [first = ''] = browser();
    const few = processesBelow(Number.parseInt(first, 10)).length;
    await drawChunks(5, 30);
    expect(browser()).toEqual([first]);
    // The process of a tab that was just closed may need a moment to end.
    await until(() => processesBelow(Number.parseInt(first, 10)).length <= few);
  });

  it('has a font on a machine that has none', async () => {
    // Where text is drawn with no font at all, its width is 0; any other font has another one than this.
    const scene = `const context = document.createElement('canvas').getContext('2d');
      context.font = '100px "Open Sans"';
      throw new Error('width ' + Math.round(context.measureText('Hamburgefonts').width));`;
    const renderer = await openThrowAway({scene});
    await expect(draw(renderer, {start: 0, end: 1})).rejects.toThrow(/width 734 /);
  });
});
