import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {execa} from 'execa';
import {expect, it} from 'vitest';
import {checkProgram, SHA256} from '../../image/check-program.ts';
import {thirdParty} from '../../third-party.ts';
import {scratch} from '../support/processes.ts';

const inRepository = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

interface Lock {
  packages: Record<string, {version: string}>;
}
const versionsOf = async (lock: string) => {
  const {packages} = JSON.parse(await readFile(inRepository(lock), 'utf8')) as Lock;
  return new Map(Object.entries(packages).map(([path, {version}]) => [path, version]));
};

it('the image has the browser and the ffmpeg that a laptop has', async () => {
  const laptop = await versionsOf('package-lock.json');
  const image = await versionsOf('image/package-lock.json');
  for (const name of [
    '@sparticuz/chromium',
    'puppeteer-core',
    'ffmpeg-static',
    '@ffmpeg-installer/ffmpeg',
    '@ffprobe-installer/ffprobe',
  ]) {
    const path = `node_modules/${name}`;
    expect(laptop.get(path), name).toMatch(/^\d/);
    expect(image.get(path), name).toBe(laptop.get(path));
  }
});

it.each([
  [['--project', 'nope'], 2, /^ProjectNotFound: .*nope/],
  [['--tool', 'no-such-tool'], 1, /^ToolMissing: --tool is no-such-tool, which does not work here/],
  [['--no-such'], 2, /^BadSetting: unknown option '--no-such'/],
])(
  'npm run image -- %j ends with %i, says what is wrong, and builds nothing',
  async (args, code, message) => {
    const {exitCode, stderr, stdout} = await execa(
      process.execPath,
      [inRepository('image/build.ts'), ...args],
      {
        cwd: inRepository('.'),
        reject: false,
      },
    );
    expect({exitCode, stdout}).toEqual({exitCode: code, stdout: ''});
    expect(stderr).toMatch(message);
  },
);

it('npm run image says so where nothing can build one', async () => {
  const {exitCode, stderr} = await execa(process.execPath, [inRepository('image/build.ts')], {
    cwd: inRepository('.'),
    reject: false,
    env: {PATH: '/nowhere'},
  });
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(
    /^ToolMissing: None of docker, podman, buildah works here \(`<tool> info` fails\)\./,
  );
});

it('a downloaded ffmpeg that is not the pinned one ends the build, with both hashes', async () => {
  const path = join(scratch(), 'ffmpeg');
  await writeFile(path, 'another program');
  const hash = '60f787c0cff51e6d575260e89b89f42c99e2dec420fefcd7741146e41ae19939';
  expect(() => checkProgram('ffmpeg-static', path)).toThrow(SHA256['ffmpeg-static']);
  expect(() => checkProgram('ffmpeg-static', path)).toThrow(hash);
  // npm's lock file has the hashes of what packages bring with them.
  checkProgram('@ffmpeg-installer/ffmpeg', path);
});

it("no script of a project's packages runs while the .npmrc is there", async () => {
  const steps = (await readFile(inRepository('Dockerfile'), 'utf8')).replaceAll('\\\n', ' ').split('\n');
  const withSecret = steps.filter((step) => step.startsWith('RUN --mount=type=secret'));
  expect(withSecret).toHaveLength(2);
  for (const step of withSecret) expect(step).toContain('--ignore-scripts');
});

it('the licences of what the function is made of are written out', () => {
  const text = thirdParty([
    'node_modules/zod/v4/index.js',
    'node_modules/@smithy/core/dist/index.js',
    'src/apps/handler/handler.ts',
  ]);
  expect(text.match(/^\S+ \d\S+, \S+$/gm)?.map((line) => line.replace(/ .*, /, ': '))).toEqual([
    ...[
      '@revideo/2d: MIT',
      '@revideo/core: MIT',
      '@smithy/core: Apache-2.0',
      'mediabunny: MPL-2.0',
      'zod: MIT',
    ],
  ]);
  expect(text).toContain('Mozilla Public License');
  expect(text).not.toContain('has no text');
});
