import {mkdirSync, symlinkSync, writeFileSync} from 'node:fs';
import {basename, dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {readConfig} from '../../src/apps/config.ts';
import {findBrowser} from '../../src/renderers/revideo/browser.ts';
import {scratch} from './processes.ts';

const PACKAGES = fileURLToPath(new URL('../../node_modules', import.meta.url));

/** The differences of one test's project from another's. */
export interface ThrowAwayProject {
  /** The statements of its one scene. */
  scene: string;
  /** More statements of the project file. */
  before?: string;
  fps?: number;
  /** Seconds. */
  range?: readonly [number, number];
  /** Whether it finds Revideo's packages by itself; otherwise it gets ours. */
  packages?: boolean;
  /** The variables that it gives itself. */
  variables?: Record<string, unknown>;
  /** Pixels; 64 by 36 by default. */
  size?: {x: number; y: number};
  /** Its place, for a caller that removes it. */
  folder?: string;
}

/** Writes a small project, gone after the test. Returns its folder. */
export function throwAwayProject({
  scene,
  before = '',
  fps = 30,
  range,
  packages,
  variables,
  size = {x: 64, y: 36},
  folder = scratch(),
}: ThrowAwayProject): string {
  mkdirSync(join(folder, 'src'));
  if (packages) symlinkSync(PACKAGES, join(folder, 'node_modules'));
  const own = variables ? `, variables: ${JSON.stringify(variables)}` : '';
  const settings = {
    shared: {size, ...(range && {range})},
    rendering: {fps},
  };
  writeFileSync(
    join(folder, 'src/project.tsx'),
    `import {Circle, makeScene2D, Rect} from '@revideo/2d';
import {createRef, makeProject, useScene, waitFor} from '@revideo/core';
${before}
const scene = makeScene2D('scene', function* (view) {
${scene}
});
export default makeProject({scenes: [scene], settings: ${JSON.stringify(settings)}${own}});
`,
  );
  return folder;
}

/** A cache for throw-away projects, gone after the test, that has the shared one's browser. */
export async function throwAwayCache(cache = scratch()): Promise<string> {
  mkdirSync(cache, {recursive: true});
  const {cache: shared} = readConfig();
  const {path} = await findBrowser(shared);
  if (path.startsWith(shared)) symlinkSync(dirname(path), join(cache, basename(dirname(path))));
  return cache;
}
