import {mkdirSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {onTestFinished} from 'vitest';
import {readConfig} from '../../src/apps/config.ts';
import {writeBundle} from '../../src/renderers/revideo/bundle.ts';
import {findProject} from '../../src/renderers/revideo/project.ts';
import {type RevideoRenderer, revideoRenderer} from '../../src/renderers/revideo/renderer.ts';
import {scratch} from './processes.ts';

/** Writes files by their paths into a folder of their own, which is gone after the test. Returns the folder. */
export function folderOf(files: Record<string, string>): string {
  const folder = scratch();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), {recursive: true});
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/**
 * A renderer of a project that is compiled into a folder that stands alone, as an image has it, without a look at its
 * types. It ends with the test.
 */
export async function compiled(folder: string): Promise<RevideoRenderer> {
  const [bundle, cache] = [scratch(), scratch()];
  await writeBundle(await findProject(folder), {folder: bundle, cache, typeCheck: 'off'});
  const renderer = revideoRenderer({project: folder, bundle, cache: readConfig().cache});
  onTestFinished(() => renderer.close());
  return renderer;
}

/** The values that a project reports by the names of its variables: `variables.get('name', value)`. */
export const toldBy = async (renderer: RevideoRenderer): Promise<Record<string, unknown>> =>
  (await renderer.readVariables({signal: AbortSignal.timeout(60_000)})).asked;

/** A project of one scene that tells `facts`, an object literal, and `before`, what it imports. */
export const telling = (facts: string, before = '') => `
import {makeScene2D, Rect, type RectProps, Txt, initial, signal} from '@revideo/2d';
import {createRef, makeProject, type SimpleSignal, useScene, waitFor} from '@revideo/core';
${before}
const scene = makeScene2D('facts', function* (view) {
  const facts = ${facts};
  for (const [name, fact] of Object.entries(facts)) useScene().variables.get(name, fact);
  yield* waitFor(0.1);
});
export default makeProject({
  scenes: [scene],
  settings: {shared: {size: {x: 64, y: 36}}, rendering: {fps: 30}},
});
`;
