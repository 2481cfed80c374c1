/**
 * Runs while Dockerfile.base is built, beside the packages of package.json: `node install.ts FFMPEG`. Puts the browser, ffmpeg,
 * ffprobe and the fonts into /opt, each ready to run, so that nothing is left to unpack when a function starts.
 */
import {execFileSync} from 'node:child_process';
import {
  accessSync,
  chmodSync,
  copyFileSync,
  cpSync,
  globSync,
  mkdirSync,
  readdirSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import {createRequire} from 'node:module';
import {basename, join} from 'node:path';
import {launch} from 'puppeteer-core';
import {checkProgram} from './check-program.ts';

const require = createRequire(import.meta.url);

/** The weights of each family that are kept; a film that needs others brings them in its `public/`. */
const WEIGHTS = '{400Regular,700Bold}';

function installBrowser(): void {
  const unpacked = '/tmp/browser';
  mkdirSync(unpacked);
  const script =
    "const {default: chromium} = await import('@sparticuz/chromium'); await chromium.executablePath();";
  execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
    // The package unpacks its libraries only where it believes to be on Lambda, and into the temporary directory.
    env: {...process.env, TMPDIR: unpacked, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x'},
  });
  cpSync(unpacked, '/opt/chromium', {recursive: true});
  // The programs that start it need not know where its libraries and fonts are.
  writeFileSync(
    '/opt/chromium/run',
    `#!/bin/sh
export LD_LIBRARY_PATH=/opt/chromium/al2023/lib\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH} FONTCONFIG_FILE=/opt/fonts/fonts.conf
exec /opt/chromium/chromium "$@"
`,
  );
  for (const program of ['run', 'chromium']) chmodSync(`/opt/chromium/${program}`, 0o755);
}

function installFfmpeg(packageName: string): void {
  const ffmpeg = programOf(packageName);
  checkProgram(packageName, ffmpeg);
  mkdirSync('/opt/ffmpeg');
  copyFileSync(ffmpeg, '/opt/ffmpeg/ffmpeg');
  copyFileSync(programOf('@ffprobe-installer/ffprobe'), '/opt/ffmpeg/ffprobe');
  for (const program of ['ffmpeg', 'ffprobe']) chmodSync(`/opt/ffmpeg/${program}`, 0o755);
}

/** The program that a package brings. ffmpeg-static has downloaded it as it was installed, if it could. */
function programOf(packageName: string): string {
  try {
    const exported: unknown = require(packageName);
    const path = typeof exported === 'string' ? exported : (exported as {path: string}).path;
    accessSync(path);
    return path;
  } catch (cause) {
    throw new Error(
      `${packageName} has brought no program. Where GitHub cannot be reached, build with --build-arg FFMPEG=@ffmpeg-installer/ffmpeg (npm run image -- --ffmpeg …).`,
      {cause},
    );
  }
}

function installFonts(): void {
  const folder = '/opt/fonts/files';
  mkdirSync(folder, {recursive: true});
  const fonts = [
    ...globSync(`node_modules/@expo-google-fonts/*/${WEIGHTS}/*.ttf`),
    ...globSync('/opt/chromium/fonts/**/*.ttf'),
  ];
  for (const font of fonts) copyFileSync(font, join(folder, basename(font)));
  for (const licence of globSync('node_modules/@expo-google-fonts/*/LICENSE_FONT'))
    copyFileSync(licence, join(folder, `${licence.split('/').at(-2)}.LICENSE`));
  copyFileSync('fonts.conf', '/opt/fonts/fonts.conf');
  // The cache is only valid if the folder's time is exactly the one in it, and layers keep whole seconds.
  utimesSync(folder, 0, 0);
}

/** Collects the licences of the installed packages, and of ffmpeg's libraries, in one folder. */
function installLicences(): void {
  cpSync('licences', '/opt/licences', {recursive: true});
  copyFileSync('node_modules/@sparticuz/chromium/LICENSE', '/opt/licences/sparticuz-chromium.LICENSE');
}

/** Has the browser write the cache of its fonts: reading them all takes it seconds, and each invocation would. */
async function tryAll(): Promise<void> {
  const browser = await launch({
    executablePath: '/opt/chromium/run',
    headless: 'shell',
    pipe: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  });
  const page = await browser.newPage();
  await page.setContent('<p style="font-family: sans-serif">Aß 中文 한국어 العربية हिन्दी 😀');
  await page.screenshot();
  await browser.close();
  if (readdirSync('/opt/fonts/cache').length === 0)
    throw new Error('The cache of the fonts was not written.');
  const versions = {
    chromium: versionOf('/opt/chromium/run', '--version'),
    ffmpeg: versionOf('/opt/ffmpeg/ffmpeg'),
    ffprobe: versionOf('/opt/ffmpeg/ffprobe'),
    fonts: readdirSync('/opt/fonts/files').filter((name) => name.endsWith('.ttf')),
  };
  writeFileSync('/opt/versions.json', `${JSON.stringify(versions, null, 2)}\n`);
}

const versionOf = (program: string, flag = '-version'): string =>
  /\d\S*/.exec(execFileSync(program, [flag], {encoding: 'utf8'}))?.[0] ?? 'unknown';

installBrowser();
installFfmpeg(process.argv[2] ?? 'ffmpeg-static');
installFonts();
installLicences();
await tryAll();
