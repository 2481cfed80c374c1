import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import {dirname, join, relative} from 'node:path';
import {describe, expect, it, onTestFinished, vi} from 'vitest';
import {
  bundleProject,
  readBundle,
  servedFolders,
  writeBundle,
} from '../../../src/renderers/revideo/bundle.ts';
import {ownSettings} from '../../../src/renderers/revideo/compile/vite-config.ts';
import {projectFiles, servedFiles} from '../../../src/renderers/revideo/files.ts';
import {findProject} from '../../../src/renderers/revideo/project.ts';
import {servedFile} from '../../../src/renderers/revideo/public-file.ts';
import {searchProjects} from '../../../src/renderers/revideo/search-project.ts';
import {folderOf, telling} from '../../support/compiled.ts';
import {ffmpeg} from '../../support/media.ts';
import {scratch} from '../../support/processes.ts';
import {throwAwayCache} from '../../support/throw-away-project.ts';

const FILM = telling('{a: 1}');
/** The smallest file that is a project file. */
const PROJECT = 'export default makeProject({scenes: []});';

const link = (target: string, path: string) => {
  mkdirSync(dirname(path), {recursive: true});
  symlinkSync(target, path);
};

/** A film as `publishFilm` leaves it, or a foreign one with another comment. */
const writeFilm = (path: string, comment = 'Job 1, revideo-lambda 0.1.0, Revideo 0.11.0') =>
  ffmpeg(
    ...['-f', 'lavfi', '-i', 'color=red:s=64x36:d=0.2', '-metadata', `comment=${comment}`],
    ...['-movflags', '+faststart', path],
  );

describe("A film that was rendered into the project's folder", {timeout: 120_000}, () => {
  const open = async (source = FILM) => {
    const folder = folderOf({'src/project.tsx': source});
    const cache = await throwAwayCache();
    const build = async () => bundleProject(await findProject(folder), {cache, typeCheck: 'off'});
    return {folder, build};
  };

  it('is none of its media: the next render is of the same project', async () => {
    // A name that only ends like the film's does not name it.
    const {folder, build} = await open(telling(`{a: '/my-film.mp4'}`));
    const {hash, folder: page} = await build();
    // The same for our own part of the page, in a message's advice for one.
    const texts = readdirSync(page).map((name) =>
      /\.(js|css)$/.test(name) ? readFileSync(join(page, name), 'utf8') : '',
    );
    expect(texts.join()).not.toMatch(/(?<![\w.-])film\.mp4/);
    await writeFilm(join(folder, 'film.mp4'));
    for (const name of ['film.poster.jpg', 'film.thumbnails.jpg'])
      writeFileSync(join(folder, name), 'picture');
    const again = await build();
    expect(again.hash).toBe(hash);
    await expect(servedFile('/film.mp4', servedFolders(again))).rejects.toMatchObject({
      name: 'MediaFailed',
      message: expect.stringMatching(
        /^\/film\.mp4 cannot be read: revideo-lambda has made this film.*public\//,
      ),
    });
    await writeFilm(join(folder, 'clip.mp4'), 'Mine');
    const other = await build();
    expect(other.hash).not.toBe(hash);
    expect(await servedFile('/clip.mp4', servedFolders(other))).toMatchObject({folder});
  });

  it('counts where the project names it', async () => {
    const {folder, build} = await open(telling(`{a: '/intro%20film.mp4'}`));
    const {hash} = await build();
    await writeFilm(join(folder, 'intro film.mp4'));
    const named = await build();
    expect(named.hash).not.toBe(hash);
    expect(await servedFile('/intro%20film.mp4', servedFolders(named))).toMatchObject({folder});
  });
});

it('A link counts as a medium only within the project', {timeout: 120_000}, async () => {
  const outside = folderOf({'secret.png': 'secret', 'photos/a.png': 'photo'});
  const folder = folderOf({'src/project.tsx': FILM, 'media/inside.png': 'inside'});
  link(join(folder, 'media/inside.png'), join(folder, 'src/inside.png'));
  link(join(outside, 'secret.png'), join(folder, 'src/secret.png'));
  link(join(outside, 'photos'), join(folder, 'photos'));
  const compiled = join(scratch(), 'project');
  const options = {cache: await throwAwayCache(), typeCheck: 'off'} as const;
  const bundle = await writeBundle(await findProject(folder), {...options, folder: compiled});
  const there = ['src/inside.png', 'media/inside.png', 'src/secret.png', 'photos/a.png'].map((name) =>
    existsSync(join(compiled, 'page/files', name)),
  );
  expect(there).toEqual([true, true, false, false]);
  // The page gets the same here and there.
  await expect(servedFile('/src/secret.png', servedFolders(bundle))).rejects.toThrow('/src/secret.png');
  await expect(servedFile('/photos/a.png', servedFolders(bundle))).rejects.toThrow('/photos/a.png');
});

describe('The folder of a project file', () => {
  it('is never the home folder because of a package.json there, unless that names Revideo', async () => {
    const home = folderOf({'package.json': '{}', 'film/scene.ts': PROJECT, 'other/a.txt': ''});
    vi.stubEnv('HOME', home);
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    expect((await findProject(join(home, 'film/scene.ts'))).folder).toBe(join(home, 'film'));
    expect((await findProject(home)).folder).toBe(join(home, 'film'));
    writeFileSync(join(home, 'package.json'), '{"dependencies": {"@revideo/core": "0.11.0"}}');
    expect((await findProject(join(home, 'film/scene.ts'))).folder).toBe(home);
  });

  it.each(['a#b', 'why?', 'back\\slash'])(
    'is refused by name where the compiler cannot read it: %s',
    async (name) => {
      const folder = folderOf({[`${name}/src/project.tsx`]: FILM});
      const cache = join(scratch(), 'cache');
      await expect(bundleProject(await findProject(join(folder, name)), {cache})).rejects.toMatchObject({
        name: 'ProjectBroken',
        message: expect.stringMatching(
          /^The compiler cannot read .*: the names .* without \?, # and \\\. Rename/,
        ),
      });
      expect(existsSync(cache)).toBe(false);
    },
  );

  it('may have any other name', {timeout: 60_000}, async () => {
    const name = `it's a "100%" %20 [film] {x} $y фильм 電影`;
    const folder = folderOf({[`${name}/src/project.tsx`]: FILM});
    const options = {cache: await throwAwayCache(), typeCheck: 'off'} as const;
    const {folder: page} = await bundleProject(await findProject(join(folder, name)), options);
    expect(readFileSync(join(page, 'index.html'), 'utf8')).toContain('<script');
  });

  it('is listed without what cannot be read, and without what a link leads to elsewhere', async () => {
    const folder = folderOf({'src/project.tsx': FILM, 'locked/a.png': '', 'public/locked/b.png': ''});
    link('/', join(folder, 'everything'));
    link('loop', join(folder, 'loop'));
    const locked = [join(folder, 'locked'), join(folder, 'public/locked')];
    chmodSync(folder, 0o755);
    for (const path of locked) chmodSync(path, 0);
    // To root nothing is locked.
    const isRoot = process.geteuid?.() === 0;
    if (isRoot) process.seteuid?.(65_534);
    try {
      const files = await projectFiles(folder);
      expect(files.map((path) => relative(folder, path))).toEqual(['src/project.tsx']);
      expect(await servedFiles(join(folder, 'public'))).toEqual([]);
    } finally {
      if (isRoot) process.seteuid?.(0);
      for (const path of locked) chmodSync(path, 0o700);
    }
  });

  it('is refused by name if it holds more files than any film', async () => {
    const folder = folderOf({'a/a.ts': '', 'b.ts': '', 'node_modules/c.ts': ''});
    expect(await projectFiles(folder, 3)).toHaveLength(2);
    await expect(projectFiles(folder, 2)).rejects.toMatchObject({
      name: 'ProjectBroken',
      message: expect.stringContaining(`${folder} holds more than 2 files`),
    });
  });

  it('is searched for project files in a bounded number of folders', async () => {
    const folder = folderOf({'z/project2.ts': PROJECT, 'y.ts': PROJECT});
    for (let index = 0; index < 5_000; index++) mkdirSync(join(folder, `a${index}`));
    expect(await searchProjects(folder)).toEqual(['y.ts']);
  });
});

it('A vite.config that cannot be read is named', () => {
  const folder = folderOf({'src/project.tsx': FILM, 'vite.config.ts': ''});
  chmodSync(folder, 0o755);
  chmodSync(join(folder, 'vite.config.ts'), 0);
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  try {
    expect(() => ownSettings(folder, 'auto')).toThrow(
      expect.objectContaining({
        name: 'ProjectBroken',
        message: expect.stringMatching(/vite\.config\.ts cannot be read: EACCES.*REVIDEO_VITE_CONFIG=off/),
      }),
    );
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
});

it('A compiled project whose facts are garbled is named', async () => {
  const folder = folderOf({'page/hash': 'a', 'page/facts.json': '{'});
  await expect(readBundle(folder)).rejects.toMatchObject({
    name: 'ProjectNotFound',
    message: expect.stringMatching(/is garbled\. Run `npm run build`/),
  });
});
