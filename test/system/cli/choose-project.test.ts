import {mkdirSync, renameSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {project, runCli} from '../../support/cli.ts';
import {scratch} from '../../support/processes.ts';
import {throwAwayProject} from '../../support/throw-away-project.ts';

const SCENE = 'for (let left = useScene().variables.get("frames", 1)(); left > 1; left--) yield;';

/** Renders with the command line, in one chunk, and returns its result and what it said besides. */
async function render(args: readonly string[], cwd?: string) {
  const storage = scratch();
  const all = ['render', ...args, '--workers', '1', '--quiet', '--json', '--storage', storage];
  const {code, stdout, stderr} = await runCli(all, {cwd});
  return {code, stderr, result: stdout ? JSON.parse(stdout) : undefined};
}

test('without --project the folder in which the command runs is rendered, with its own variables', async () => {
  const folder = throwAwayProject({scene: SCENE, variables: {frames: 4}});
  const {result, ...said} = await render([], folder);
  expect(said).toEqual({code: 0, stderr: ''});
  expect(result).toMatchObject({frames: 4, warnings: []});
});

test('a project file is taken wherever it is, and said where it was searched for', async () => {
  const folder = throwAwayProject({scene: SCENE});
  mkdirSync(join(folder, 'films'));
  renameSync(join(folder, 'src/project.tsx'), join(folder, 'films/intro.tsx'));
  expect(await render(['--project', join(folder, 'films/intro.tsx')])).toMatchObject({code: 0, stderr: ''});
  const found = await render(['--project', folder]);
  expect(found).toMatchObject({code: 0, result: {frames: 1}});
  expect(found.stderr).toBe(`The project file is films/intro.tsx in ${folder}.\n`);
});

test('a type error is a warning, shown with --quiet too, and kept in the result', async () => {
  const {code, stderr, result} = await render(['--project', project('type-error')]);
  const [warning, ...more] = result.warnings;
  expect({code, stderr, more}).toEqual({code: 0, stderr: `Warning: ${warning}\n`, more: []});
  expect(warning).toMatch(/^Type error in src\/project\.tsx:5:\d+: .*fontSizes/);
});

test('a compiled project does not silently take the place of one that is named', async () => {
  const args = ['render', '--project', project('shapes'), '--storage', scratch()];
  const {code, stderr} = await runCli(args, {environment: {REVIDEO_BUNDLE: scratch()}});
  expect(code).toBe(2);
  expect(stderr).toMatch(/^BadSetting: --project is ".*shapes", but REVIDEO_BUNDLE is ".*": .*\n$/);
});
