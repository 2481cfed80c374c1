import {join} from 'node:path';
import {expect, it} from 'vitest';
import {RenderError} from '../../src/base/errors.ts';
import {draw} from '../support/draw.ts';
import {processesIn} from '../support/processes.ts';
import {PROJECTS} from '../support/project-media.ts';
import {silentServer} from '../support/silent-server.ts';
import type {RendererStage} from './renderer-stage.ts';

/** Faults of films, media and browsers, and calls to stop. Part of `rendererConformance`, whose `describe` it is called in. */
export function faultConformance({open, throwAway}: RendererStage): void {
  /** A film without an end that a test would wait for. */
  const ENDLESS = 'view.add(<Circle size={10} fill={"red"} />); yield* waitFor(600);';

  it.each([
    ['throws', 'SceneFailed', /^Frame 40, scene "broken": the paint ran out( \(src\/project\.tsx:7:\d+\))?$/],
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
    const {renderer, temporary} = await open(throwAway({scene: ENDLESS}));
    const drawing = draw(renderer, {start: 0, end: 18_000}, {onFrames: () => killBrowser(temporary)});
    await expect(drawing).rejects.toMatchObject({name: 'BrowserCrashed', retryable: true});
    await draw(renderer, {start: 0, end: 2});
  }, 90_000);
}

/** Kills the browser's first process; the others go with it. */
function killBrowser(temporary: string): void {
  const browsers = processesIn(temporary).filter((line) => /chrom/i.test(line) && !line.includes('--type='));
  for (const line of browsers) process.kill(Number.parseInt(line, 10), 'SIGKILL');
}
