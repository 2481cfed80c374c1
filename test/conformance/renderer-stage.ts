import {mkdirSync, mkdtempSync, readdirSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, onTestFinished} from 'vitest';
import {readConfig} from '../../src/apps/config.ts';
import type {PrivateHost} from '../../src/base/network/private-hosts.ts';
import type {Renderer} from '../../src/renderers/renderer.ts';
import {LOOPBACK} from '../support/loopback.ts';
import {ownTemporaryDirectory, processesIn} from '../support/processes.ts';
import {PROJECTS} from '../support/project-media.ts';
import {type ThrowAwayProject, throwAwayCache, throwAwayProject} from '../support/throw-away-project.ts';

/** Limits of the renderer under test. */
interface Limits {
  /** Seconds without data from a media server. */
  mediaTimeout?: number;
}

/** Makes the renderer under test for a project. */
export type MakeRenderer = (
  options: {project: string; cache: string; privateHosts: PrivateHost[]; typeCheck: 'off'} & Limits,
) => Renderer;

/** Opens the films of the tests of a renderer. */
export interface RendererStage {
  /** Writes a project in the place of the one before: Vite may keep what it prepared for this folder. */
  throwAway(film: ThrowAwayProject): string;
  /** A renderer that has to leave nothing behind, whatever the test does with it. */
  open(project: string, limits?: Limits): Promise<{renderer: Renderer; temporary: string}>;
}

/** Makes the stage for a renderer. Call it in the `describe` of its tests. */
export function rendererStage(make: MakeRenderer): RendererStage {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'conformance-'));
  });
  afterAll(() => rmSync(folder, {recursive: true, force: true, maxRetries: 5}));
  return {
    throwAway(film) {
      const project = join(folder, 'film');
      rmSync(project, {recursive: true, force: true});
      mkdirSync(project);
      return throwAwayProject({...film, folder: project});
    },
    async open(project, limits = {}) {
      const cache = project.startsWith(PROJECTS) ? readConfig().cache : await throwAwayCache();
      const temporary = ownTemporaryDirectory();
      const renderer = make({project, cache, privateHosts: LOOPBACK, typeCheck: 'off', ...limits});
      onTestFinished(async () => {
        await renderer.close();
        expect(processesIn(temporary)).toEqual([]);
        expect(readdirSync(temporary)).toEqual([]);
      });
      return {renderer, temporary};
    },
  };
}
