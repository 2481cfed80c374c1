import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {projectCheck} from '../../../src/apps/cli/project-check.ts';
import {scratch} from '../../support/processes.ts';

const SOURCE = `import {makeProject} from '@revideo/core';\nexport default makeProject({scenes: []});`;

function project(version?: string): string {
  const folder = scratch();
  mkdirSync(join(folder, 'films'));
  writeFileSync(join(folder, 'films/spring.ts'), SOURCE);
  for (const name of version ? ['core', '2d'] : []) {
    const home = join(folder, 'node_modules/@revideo', name);
    mkdirSync(home, {recursive: true});
    writeFileSync(join(home, 'package.json'), JSON.stringify({name: `@revideo/${name}`, version}));
  }
  return folder;
}

it('names the project file, and the Revideo that renders it', async () => {
  const folder = project('0.10.4');
  const check = {name: 'project', state: 'ok', detail: `films/spring.ts in ${folder}, Revideo 0.10.4`};
  expect(await projectCheck(folder)).toEqual(check);
});

it('warns of a version that has not been tried', async () => {
  const check = await projectCheck(project('0.12.0'));
  expect(check).toMatchObject({state: 'warning', detail: expect.stringMatching(/Revideo 0\.12\.0$/)});
  expect(check.mend).toContain('has not been tried with');
});

it('fails for a version that does not work, and where there is no project', async () => {
  const old = await projectCheck(project('0.5.10'));
  // The error itself says what to do.
  expect(old).not.toHaveProperty('mend');
  expect(old).toMatchObject({state: 'failed', detail: expect.stringContaining('needs 0.10.0 or newer')});
  expect(await projectCheck(scratch())).toMatchObject({
    state: 'failed',
    detail: expect.stringMatching(/^ProjectNotFound: .*--project/),
  });
});
