import {readFile} from 'node:fs/promises';
import {fileURLToPath} from 'node:url';
import {execa} from 'execa';
import {expect, it} from 'vitest';

const inRepository = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));

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
  [['--project', 'nope'], /^ProjectNotFound: .*nope/],
  [['--tool', 'no-such-tool'], /^ToolMissing: --tool is no-such-tool, which does not work here/],
  [['--no-such'], /^BadSetting: unknown option '--no-such'/],
])('npm run image -- %j says what is wrong, and builds nothing', async (args, message) => {
  const {exitCode, stderr, stdout} = await execa(
    process.execPath,
    [inRepository('image/build.ts'), ...args],
    {
      cwd: inRepository('.'),
      reject: false,
    },
  );
  expect({exitCode, stdout}).toEqual({exitCode: 1, stdout: ''});
  expect(stderr).toMatch(message);
});

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
