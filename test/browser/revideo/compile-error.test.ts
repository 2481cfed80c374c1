import {realpathSync} from 'node:fs';
import {join} from 'node:path';
import {stripVTControlCharacters} from 'node:util';
import {describe, expect, it} from 'vitest';
import {build} from '../../../src/renderers/revideo/compile/build.ts';
import {findProject} from '../../../src/renderers/revideo/project.ts';
import {folderOf} from '../../support/compiled.ts';

/** The compiler's message about a project, without its beginning. */
async function complaint(files: Record<string, string>): Promise<string> {
  const folder = folderOf({'tsconfig.json': '{"extends": "@revideo/2d/tsconfig.project.json"}', ...files});
  const failed = build(await findProject(folder), join(folder, 'out'));
  const error = await failed.then(
    () => new Error('It was compiled.'),
    (error: Error) => error,
  );
  expect(error.name).toBe('ProjectBroken');
  expect(error.message).not.toMatch(/<unknown>|^\s+at |node_modules\/(?:vite|rolldown)/m);
  expect(stripVTControlCharacters(error.message)).toBe(error.message);
  const [first, ...lines] = error.message.split('\n');
  expect(first).toBe(`The project in ${realpathSync(folder)} does not compile.`);
  return lines.join('\n');
}

describe('What does not compile is named by file, line and column, with the line itself:', {
  timeout: 60_000,
}, () => {
  it('a mistake in the syntax of a scene', async () => {
    const said = await complaint({
      'src/project.tsx': `import scene from './scene';\nexport default scene;`,
      'src/scene.tsx': `import {Rect} from '@revideo/2d';\n\nexport default <Rect width={} />;\n`,
    });
    expect(said).toMatch(/^src\/scene\.tsx:3:\d+: /);
    expect(said).toContain('3 | export default <Rect width={} />;');
  });

  it('one in plain JavaScript', async () => {
    const said = await complaint({'src/project.js': `const a = 1;\nexport default [a;\n`});
    expect(said).toMatch(/^src\/project\.js:2:18: .+\n {2}2 \| export default \[a;\n {22}\s*\^$/);
  });

  it('an import of a file that is not there, at its place before JSX was compiled', async () => {
    const said = await complaint({
      'src/project.tsx': `import {Rect} from '@revideo/2d';\n\n\nimport scene from './scenes/gone';\nexport default [<Rect />, scene];`,
    });
    expect(said).toBe(
      `src/project.tsx:4:19: There is no file "./scenes/gone".\n  4 | import scene from './scenes/gone';\n                        ^`,
    );
  });

  it('an import of a package that is not installed', async () => {
    const said = await complaint({
      'src/project.ts': `import gone from 'not-installed';\nexport default gone;`,
    });
    expect(said).toMatch(/^src\/project\.ts:1:18: There is no package "not-installed"/);
  });

  it('a name that a package does not export', async () => {
    const said = await complaint({
      'src/project.ts': `import {makeProjekt} from '@revideo/core';\nexport default makeProjekt();`,
    });
    expect(said).toMatch(
      /^src\/project\.ts:1:9: "makeProjekt" is not exported by "@revideo\/core\/lib\/index\.js"/,
    );
  });

  it('a project file without a default export, and not the line of ours that imports it', async () => {
    const said = await complaint({'src/project.ts': 'export const project = 1;'});
    expect(said).toBe(
      'src/project.ts: It has no default export. Write: export default makeProject({scenes: [...]});',
    );
  });

  it('a mistake in JSON', async () => {
    const said = await complaint({
      'src/project.ts': `import data from './data.json';\nexport default data;`,
      'src/data.json': `{\n  "a": 1,\n  b: 2\n}`,
    });
    expect(said).toMatch(/^src\/data\.json:3:3: .+\n {2}3 \| {3}b: 2\n/);
  });

  it('every mistake, up to five', async () => {
    const names = Array.from({length: 7}, (_, index) => `gone${index}`);
    const said = await complaint({
      'src/project.ts': `${names.map((name) => `import './${name}';`).join('\n')}\nexport default 1;`,
    });
    expect(said.match(/There is no file/g)).toHaveLength(5);
    expect(said).toMatch(/\nand 2 more$/);
  });
});
