import {mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it, onTestFinished} from 'vitest';
import {readConfig} from '../../../src/apps/config.ts';
import type {RenderError} from '../../../src/base/errors.ts';
import type {Renderer} from '../../../src/renderers/renderer.ts';
import {readBundle, writeBundle} from '../../../src/renderers/revideo/bundle.ts';
import {findProject} from '../../../src/renderers/revideo/project.ts';
import {type RevideoOptions, revideoRenderer} from '../../../src/renderers/revideo/renderer.ts';
import {draw} from '../../support/draw.ts';
import {scratch} from '../../support/processes.ts';
import {PROJECTS} from '../../support/project-media.ts';
import {type ThrowAwayProject, throwAwayCache, throwAwayProject} from '../../support/throw-away-project.ts';

const signal = new AbortController().signal;

function open(options: RevideoOptions): Renderer {
  const renderer = revideoRenderer(options);
  onTestFinished(() => renderer.close());
  return renderer;
}

/** The shared cache finds a test project's build again; a throw-away project has a cache that goes with it. */
const cacheFor = async (project: string) =>
  project.startsWith(PROJECTS) ? readConfig().cache : throwAwayCache();

/** A renderer of what `npm run build` makes of a project, and its folder. */
async function openCompiled(project: string): Promise<{renderer: Renderer; bundle: string}> {
  const [cache, bundle] = [await cacheFor(project), join(scratch(), 'compiled')];
  await writeBundle(await findProject(project), {folder: bundle, cache, typeCheck: 'off'});
  return {renderer: open({project: '/nowhere', bundle, cache}), bundle};
}

const openProject = async (project: string) => ({
  renderer: open({project, cache: await cacheFor(project), typeCheck: 'off'}),
});
const openThrowAway = (project: ThrowAwayProject) => openProject(throwAwayProject(project));

const counted = (renderer: Renderer) =>
  renderer.plan({}, {directory: scratch(), signal}).catch((error: RenderError) => error);
const drawn = (renderer: Renderer) =>
  draw(renderer, {start: 39, end: 42}).catch((error: RenderError) => error);

/** The failures by kind, and their places. */
const FAILURES = [
  ['throws', drawn, 'Frame 40, scene "broken": the paint ran out', '7:58'],
  ['throws-when-counted', counted, 'Frame 40, scene "broken": the script ended early', '7:29'],
  ['throws-when-counted', drawn, 'Frame 40, scene "broken": the script ended early', '7:29'],
  ['throws-on-load', counted, /^The project's own code failed when it was loaded: .*'colour'\)/, '11:38'],
  ['throws-on-load', drawn, /^The project's own code failed when it was loaded: .*'colour'\)/, '11:38'],
] as const;

describe.each([
  ['a project', openProject],
  ['a compiled project', openCompiled],
])('An error of %s names the place in its own file', (_, openIt) => {
  it.each(FAILURES)('%s, %o', async (project, fail, message, place) => {
    const {renderer} = await openIt(join(PROJECTS, project));
    const error = (await fail(renderer)) as RenderError;
    expect(error).toMatchObject({name: 'SceneFailed', message: expect.stringMatching(message)});
    expect(error.message).toMatch(new RegExp(` \\(src/project\\.tsx:${place}\\)$`));
    expect(error.stack).toMatch(new RegExp(`^SceneFailed: [\\s\\S]*\\n {4}at .*src/project\\.tsx:${place}`));
    expect(error.stack).not.toMatch(/http:|main-|\.\.\//);
  });
});

describe('The place of an error', () => {
  it('is where a promise was rejected that nobody waits for', async () => {
    const scene = "Promise.reject(new Error('a broken promise'));\nyield* waitFor(2);";
    const {renderer} = await openThrowAway({scene});
    const message = expect.stringMatching(/^Frame .*: a broken promise \(src\/project\.tsx:5:16\)$/);
    expect(await drawn(renderer)).toMatchObject({name: 'SceneFailed', message});
    expect(await counted(renderer)).toMatchObject({name: 'SceneFailed', message});
  });

  it('is the first one in the project where a package throws', async () => {
    const before = "import {Color} from '@revideo/core';";
    const {renderer} = await openThrowAway({before, scene: "\nnew Color('no colour'); yield;"});
    const error = (await counted(renderer)) as RenderError;
    expect(error.message).toMatch(/no colour \(src\/project\.tsx:6:1\)$/);
    expect(error.stack).toMatch(/node_modules\/@revideo\/core\/[\s\S]*src\/project\.tsx:6:1/);
  });

  it('is told from the folder of the project on', async () => {
    const project = throwAwayProject({
      before: "import {paint} from './scenes/intro';",
      scene: 'paint(); yield;',
    });
    mkdirSync(join(project, 'src/scenes'));
    writeFileSync(
      join(project, 'src/scenes/intro.ts'),
      "export const paint = () => {\n  throw new Error('dry');\n};\n",
    );
    const {renderer} = await openProject(project);
    expect(await counted(renderer)).toMatchObject({
      message: expect.stringMatching(/: dry \(src\/scenes\/intro\.ts:2:9\)$/),
    });
  });

  it('is not told where none of it is in the project', async () => {
    const {renderer} = await openThrowAway({scene: 'yield;', fps: 500});
    const message = "The project's fps is 500; it must be above 0 and at most 240.";
    expect(await counted(renderer)).toMatchObject({name: 'SceneFailed', message});
  });
});

describe('A compiled project', () => {
  it('has maps that name no folder of this machine, repeat no source and change no hash', async () => {
    const project = join(PROJECTS, 'throws');
    const [compiled, source] = [await openCompiled(project), await openProject(project)];
    const page = join(compiled.bundle, 'page');
    const [name = ''] = readdirSync(page).filter((name) => name.endsWith('.js.map'));
    const {sources, sourcesContent} = JSON.parse(readFileSync(join(page, name), 'utf8'));
    expect(sources).toContain('src/project.tsx');
    expect(sources.filter((name: string) => !/^(node_modules|src)\//.test(name))).toEqual([
      expect.stringContaining('__vite-browser-external'),
    ]);
    expect(sourcesContent ?? []).not.toContainEqual(expect.any(String));
    expect((await readBundle(compiled.bundle)).hash).toBe(await source.renderer.fingerprint({signal}));
  });

  it('without its maps fails with the places of the bundle', async () => {
    const {renderer, bundle} = await openCompiled(join(PROJECTS, 'throws'));
    const page = join(bundle, 'page');
    for (const name of readdirSync(page)) if (name.endsWith('.map')) rmSync(join(page, name));
    const error = (await drawn(renderer)) as RenderError;
    expect(error.message).toBe('Frame 40, scene "broken": the paint ran out');
    expect(error.stack).toMatch(/\(main-.*\.js:\d+:\d+\)/);
  });
});
