import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import {dirname, join} from 'node:path';
import {expect, it} from 'vitest';
import {writeHandler} from '../../../build-handler.ts';
import {addScripts} from '../../../src/apps/cli/package-scripts.ts';
import {runCli} from '../../support/cli.ts';
import {scratch} from '../../support/processes.ts';

const MANIFEST = `{
    "name": "film",  "private": true,
    "scripts": {
        "render": "tsc && node dist/render.js",
        "lambda:deploy": "revideo-lambda deploy --memory 4096"
    },
    "dependencies": {}
}
`;

function project(): string {
  const folder = scratch();
  mkdirSync(join(folder, 'src'));
  writeFileSync(join(folder, 'package.json'), MANIFEST);
  writeFileSync(join(folder, 'src/project.tsx'), 'export default makeProject({scenes: []});');
  return folder;
}

/** Every file with its text. */
const filesOf = (folder: string) =>
  readdirSync(folder, {recursive: true, withFileTypes: true})
    .filter((entry) => entry.isFile())
    .map(({parentPath, name}) => join(parentPath, name))
    .map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')])
    .toSorted();

const init = (folder: string, ...args: string[]) => runCli(['init', ...args], {cwd: folder});

it('adds an entry, events and scripts, and leaves all that was there', async () => {
  const folder = project();
  mkdirSync(join(folder, 'events'));
  writeFileSync(join(folder, 'events/status.json'), '{"mine": 1}');
  const {code, stdout} = await init(folder);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^added +src\/lambda\.ts$/m);
  expect(stdout).toMatch(/^yours, kept +events\/status\.json$/m);
  expect(stdout).toMatch(/^yours, kept +script lambda:deploy of package\.json$/m);
  const files = Object.fromEntries(filesOf(folder));
  expect(Object.keys(files)).toEqual([
    ...['events/cancel.json', 'events/check.json', 'events/full-render-minimal.json'],
    ...['events/full-render.json', 'events/status.json', 'package.json', 'src/lambda.ts', 'src/project.tsx'],
  ]);
  expect(files['events/status.json']).toBe('{"mine": 1}');
  expect(files['src/lambda.ts']).toContain("from 'revideo-lambda/handler'");
  // New scripts stand behind the last script; every other character is as it was.
  const [before = '', after = ''] = MANIFEST.split('4096"');
  const manifest = files['package.json'] ?? '';
  expect(manifest.startsWith(`${before}4096",\n        "lambda:render": "revideo-lambda render"`)).toBe(true);
  expect(manifest.endsWith(after)).toBe(true);
  expect(Object.keys(JSON.parse(manifest).scripts)).toEqual([
    ...['render', 'lambda:deploy', 'lambda:render', 'lambda:serve', 'lambda:image'],
    ...['lambda:destroy', 'lambda:policies'],
  ]);
});

it('changes nothing the second time, and nothing at all with --dry-run', async () => {
  const folder = project();
  const untouched = filesOf(folder);
  const dry = await init(folder, '--dry-run');
  expect(dry).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^Nothing is changed in .*\nadded +src/),
  });
  expect(filesOf(folder)).toEqual(untouched);
  await init(folder);
  const made = filesOf(folder);
  const again = await init(folder);
  expect(again.stdout).not.toMatch(/^added/m);
  expect(again.stdout.match(/^there already/gm)).toHaveLength(11);
  expect(filesOf(folder)).toEqual(made);
});

it.each([
  ['a file in the place of the folder', (folder: string) => writeFileSync(join(folder, 'events'), 'mine'), 1],
  [
    'a link to a file that is gone',
    (folder: string) => symlinkSync('gone.ts', join(folder, 'src/lambda.ts')),
    0,
  ],
] as const)('%s is left as it is', async (_, arrange, failures) => {
  const folder = project();
  arrange(folder);
  const {code, stdout, stderr} = await init(folder);
  expect(code).toBe(failures * 2);
  if (failures) {
    expect(stderr).toMatch(/^BadSetting: .*events\/full-render\.json cannot be written: .*run init again/);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(readFileSync(join(folder, 'events'), 'utf8')).toBe('mine');
    expect(readFileSync(join(folder, 'package.json'), 'utf8')).toBe(MANIFEST);
  } else {
    expect(stdout).toMatch(/^yours, kept +src\/lambda\.ts$/m);
    expect(readlinkSync(join(folder, 'src/lambda.ts'))).toBe('gone.ts');
  }
});

it('writes a package.json through its link, with the rights that it had, and leaves no other file', async () => {
  const folder = project();
  const kept = join(scratch(), 'shared.json');
  renameSync(join(folder, 'package.json'), kept);
  chmodSync(kept, 0o640);
  symlinkSync(kept, join(folder, 'package.json'));
  expect((await init(folder)).code).toBe(0);
  expect(readlinkSync(join(folder, 'package.json'))).toBe(kept);
  expect(JSON.parse(readFileSync(kept, 'utf8')).scripts).toHaveProperty('lambda:render');
  expect(statSync(kept).mode & 0o777).toBe(0o640);
  expect(readdirSync(dirname(kept))).toEqual(['shared.json']);
});

it('says so where there is no project, or no package.json', async () => {
  const folder = scratch();
  expect(await init(folder)).toMatchObject({code: 2, stderr: expect.stringMatching(/^ProjectNotFound: /)});
  writeFileSync(join(folder, 'project.tsx'), 'export default makeProject({scenes: []});');
  expect(await init(folder)).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^BadSetting: .*package\.json cannot be read\. Run npm init/),
  });
  expect(readdirSync(folder)).toEqual(['project.tsx']);
});

it('keeps the indentation and the line ends of a manifest, and refuses one that is broken', () => {
  const scripts = {a: 'b'};
  const add = (text: string) => addScripts(text, {file: 'package.json', scripts}).text;
  expect(add('{\r\n\t"name": "x"\r\n}\r\n')).toBe(
    '{\r\n\t"name": "x",\r\n\t"scripts": {\r\n\t\t"a": "b"\r\n\t}\r\n}\r\n',
  );
  expect(JSON.parse(add('{}'))).toEqual({scripts});
  for (const broken of ['', '[]', '{"scripts": 1}', '{"a": }']) expect(() => add(broken)).toThrow('Mend it');
});

it("the image has a project's own entry, if it is one of ours", async () => {
  const folder = project();
  const outfile = join(scratch(), 'lambda.mjs');
  writeFileSync(join(folder, 'src/lambda.ts'), "console.log('another function of the author');");
  await writeHandler(outfile, folder);
  expect(readFileSync(outfile, 'utf8')).not.toContain('another function');
  const own =
    "import {lambdaHandler} from 'revideo-lambda/handler';\nexport const handler = lambdaHandler({project: 'mine'});\n";
  writeFileSync(join(folder, 'src/lambda.ts'), own);
  await writeHandler(outfile, folder);
  expect(readFileSync(outfile, 'utf8')).toMatch(/lambdaHandler\(\{ project: "mine" \}\)/);
});
