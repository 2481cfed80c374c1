import {readdirSync} from 'node:fs';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {comparePictures, countFrames} from '../../bench/same/pictures.ts';
import {renderByRevideo} from '../../bench/same/revideo.ts';
import {compareSounds} from '../../bench/same/sounds.ts';
import {differentFrames, soundDifferences} from '../../bench/same/verdict.ts';
import {readConfig} from '../../src/apps/config.ts';
import {differences} from '../support/exact.ts';
import {PROJECTS} from '../support/project-media.ts';
import {type Expected, type OurFilm, readExpected, renderCompiled, renderOurs} from '../support/same.ts';
import {makeSameProject} from '../support/same-media.ts';

const NAMES = readdirSync(join(PROJECTS, 'same'), {withFileTypes: true})
  .filter((entry) => entry.isDirectory())
  .map(({name}) => name)
  .sort();

describe.each(NAMES)('%s, as Revideo renders it', {timeout: 300_000}, (name) => {
  const {cache} = readConfig();
  let folder: string;
  let project: string;
  let expected: Expected;
  let theirs: string;
  let alone: OurFilm;
  let cut: OurFilm;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'same-'));
    const made = await makeSameProject(name);
    expected = await readExpected(made);
    const {variables, named, projectFile = ''} = expected;
    project = named ? join(made, projectFile) : made;
    const ours = {variables, workers: [1, 5], storage: join(folder, 'ours')};
    [theirs, [alone, cut]] = (await Promise.all([
      renderByRevideo(made, expected, {cache, work: folder}),
      renderOurs(project, ours),
    ])) as [string, [OurFilm, OurFilm]];
  });
  afterAll(() => rm(folder, {recursive: true, force: true}));

  test('has as many frames', async () => {
    const [ours, reference] = [await countFrames(alone.path), await countFrames(theirs)];
    expect(ours).toBe(alone.frames);
    expect(alone.hashes).toHaveLength(alone.frames);
    if (expected.differs.frames) expect(ours, expected.differs.frames).not.toBe(reference);
    else expect(ours).toBe(reference);
  });

  test('looks the same in every frame', async () => {
    const found = await comparePictures(theirs, alone.path);
    const different = differentFrames(found);
    if (expected.differs.pictures) expect(different, expected.differs.pictures).not.toEqual([]);
    else expect(different, JSON.stringify(different.map((frame) => found[frame]))).toEqual([]);
  });

  test('sounds the same', async () => {
    const different = soundDifferences(await compareSounds(theirs, alone.path));
    if (expected.differs.sound) expect(different, expected.differs.sound).not.toEqual([]);
    else expect(different).toEqual([]);
  });

  test('is drawn alike by 1 and 5 workers, and from a compiled project', async () => {
    expect(differences(alone.hashes, cut.hashes)).toEqual([]);
    const compiled = await renderCompiled(project, {variables: expected.variables, folder, cache});
    expect(differences(alone.hashes, compiled)).toEqual([]);
  });
});
