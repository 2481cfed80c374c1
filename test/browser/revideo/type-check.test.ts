import {existsSync, mkdirSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {bundleProject, readBundle, writeBundle} from '../../../src/renderers/revideo/bundle.ts';
import {findProject} from '../../../src/renderers/revideo/project.ts';
import {checkTypes} from '../../../src/renderers/revideo/type-check.ts';
import {ownTemporaryDirectory, processesIn, scratch, until} from '../../support/processes.ts';
import {PROJECTS} from '../../support/project-media.ts';
import {throwAwayProject} from '../../support/throw-away-project.ts';

/** Writes a project of one scene, and more files of it. */
function projectWith(files: Readonly<Record<string, string>>, {before = '', scene = 'yield;'} = {}): string {
  const folder = throwAwayProject({before, scene});
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), {recursive: true});
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

const check = async (folder: string) => (await checkTypes(await findProject(folder), 'warn')).found;

const COMPONENT = `import {Rect, initial, signal} from '@revideo/2d';
import {Color, type SignalValue, type SimpleSignal} from '@revideo/core';
export class Box extends Rect {
  @initial(0.5) @signal()
  public declare readonly level: SimpleSignal<number, this>;
  public constructor(props: {level?: SignalValue<number>}) {
    super({...props, fill: new Color('#ff0000')});
  }
}
`;
/** The base of Revideo's own projects, where no package is installed. */
const EXTENDS = '"extends": "@revideo/2d/tsconfig.project.json"';

describe('no word about a correct project', () => {
  it.each<[string, Record<string, string>, string]>([
    ['decorators and colours', {'src/box.tsx': COMPONENT}, "import {Box} from './box'; new Box({level: 1});"],
    [
      'decorators, with a file that does not know of them',
      {'src/box.tsx': COMPONENT, 'tsconfig.json': '{"compilerOptions": {"module": "CommonJS", "types": []}}'},
      "import {Box} from './box'; new Box({level: 1});",
    ],
    [
      'a file that extends what is not installed, with comments',
      {
        'tsconfig.json': `{${EXTENDS}, /* ours */ "include": ["src"], "compilerOptions": {"types": ["node"]},}`,
      },
      'console.log(process.env.HOME);',
    ],
    [
      'paths',
      {
        'tsconfig.json': '{"compilerOptions": {"baseUrl": ".", "paths": {"@/*": ["./lib/*"]}}}',
        'lib/number.ts': 'export const number: number = 1;',
      },
      "import {number} from '@/number'; import {number as same} from 'lib/number'; number.toFixed(); same.toFixed();",
    ],
    [
      'imports that Vite and Revideo know',
      {'src/a.glsl': '', 'src/a.json': '{"a": 1}'},
      "import scene2 from './other?scene'; import glsl from './a.glsl'; import url from './a.mp3'; import {a} from './a.json'; glsl.trim(); url.trim(); a.toFixed(); [scene2]; import.meta.env.MODE.trim();",
    ],
    [
      'strict types',
      {
        'tsconfig.json': '{"compilerOptions": {"strict": true}}',
        'src/a.ts':
          'type R = {ok: true; n: number} | {ok: false; e: string};\nexport const f = (r: R) => { const all = []; all.push(1); return r.ok ? r.n : r.e.trim(); };',
      },
      "import {f} from './a'; f({ok: false, e: ''});",
    ],
    ['types of its own', {'src/own.d.ts': 'declare const OWN: number;'}, 'OWN.toFixed();'],
    [
      'plain JavaScript',
      {'src/a.js': 'export const f = (x) => x.y.z; f(1, 2);'},
      "import {f} from './a'; f(1);",
    ],
  ])('%s', async (_, files, before) => {
    expect(await check(projectWith(files, {before}))).toEqual([]);
  });

  it("the sources of others' packages", async () => {
    const folder = projectWith(
      {'node_modules/bad/index.ts': 'export const n: number = "text";'},
      {before: "import {n} from 'bad'; n.toFixed();"},
    );
    expect(await check(folder)).toEqual([]);
  });
});

describe('a type error', () => {
  const wrong = () => findProject(join(PROJECTS, 'type-error'));
  const SAID = expect.stringMatching(/Type error in src\/project\.tsx:5:\d+: .*fontSizes.*\(TS\d+\)$/);

  it('is a warning of the build, also where that is found built or was written down', async () => {
    const [cache, compiled] = [scratch(), scratch()];
    const built = await bundleProject(await wrong(), {cache});
    expect(built.warnings).toEqual([SAID]);
    expect(await bundleProject(await wrong(), {cache})).toEqual(built);
    await writeBundle(await wrong(), {folder: compiled, cache});
    expect(await readBundle(compiled)).toMatchObject({hash: built.hash, warnings: [SAID]});
    // Whether types are checked decides no pixel.
    const off = await bundleProject(await wrong(), {cache, typeCheck: 'off'});
    expect({hash: off.hash, warnings: off.warnings}).toEqual({hash: built.hash, warnings: []});
    const refused = bundleProject(await wrong(), {cache, typeCheck: 'error'});
    await expect(refused).rejects.toMatchObject({name: 'ProjectBroken', message: SAID});
  });

  it('is one of five that are shown, and the others are counted', async () => {
    const before = Array.from({length: 7}, (_, index) => `const n${index}: number = 'text';`).join('\n');
    const found = await check(projectWith({}, {before}));
    expect(found).toHaveLength(6);
    expect(found.at(-1)).toBe('2 more type errors.');
  });
});

it.runIf(existsSync('/proc'))(
  'a check that the machine has ended is done later, and its warning goes then',
  {timeout: 60_000},
  async () => {
    const project = await findProject(projectWith({}, {before: `const n: number = 'text';`}));
    const directory = ownTemporaryDirectory();
    const cache = scratch();
    // As soon as it has begun: nothing else is started with this directory.
    const killed = until(() => {
      const lines = processesIn(directory);
      for (const line of lines) process.kill(Number.parseInt(line, 10), 'SIGKILL');
      return lines.length > 0;
    });
    const first = await bundleProject(project, {cache});
    await killed;
    expect(first.warnings).toEqual([expect.stringMatching(/not checked\. .* stopped by SIGKILL/)]);
    const second = await bundleProject(project, {cache});
    expect(second.warnings).toEqual([expect.stringMatching(/^Type error in src\/project\.tsx/)]);
    expect(second.folder).toBe(first.folder);
    expect(await bundleProject(project, {cache})).toEqual(second);
  },
);

it('a check that fails itself is a warning, or the end of the build where that is asked for', async () => {
  const project = await findProject(projectWith({}));
  const gone = {...project, folder: join(project.folder, 'not-there')};
  const said = expect.stringMatching(/^The types of the project were not checked\. /);
  expect(await checkTypes(gone, 'warn')).toEqual({found: [], unchecked: said});
  await expect(checkTypes(gone, 'error')).rejects.toThrow();
  expect(await checkTypes(gone, 'off')).toEqual({found: []});
});
