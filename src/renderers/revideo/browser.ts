import {execFile} from 'node:child_process';
import {access, chmod, constants, mkdir, mkdtemp, rename, rm, writeFile} from 'node:fs/promises';
import {createRequire} from 'node:module';
import {delimiter, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {childEnvironment} from '../../base/child-environment.ts';
import {RenderError} from '../../base/errors.ts';

/** A browser on this machine and the environment it needs to find its own libraries. */
export interface BrowserProgram {
  path: string;
  environment: Record<string, string>;
}

const INSTALLED = [
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

const require = createRequire(import.meta.url);

/**
 * Finds a browser: PUPPETEER_EXECUTABLE_PATH, the one inside `@sparticuz/chromium` (Linux x64), the one
 * puppeteer downloaded, an installed Chrome or Chromium.
 *
 * @throws `ToolMissing` if there is none, or if the variable names something that cannot be run.
 */
export async function findBrowser(
  cache: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<BrowserProgram> {
  const named = environment.PUPPETEER_EXECUTABLE_PATH;
  if (named) {
    if (await isExecutable(named)) return {path: named, environment: {}};
    throw new RenderError(
      'ToolMissing',
      `PUPPETEER_EXECUTABLE_PATH is ${named}, which is not a program that can be run.`,
    );
  }
  const packaged = await unpackSparticuz(cache);
  if (packaged) return packaged;
  for (const path of [puppeteersOwn(), ...INSTALLED]) {
    if (path && (await isExecutable(path))) return {path, environment: {}};
  }
  throw new RenderError(
    'ToolMissing',
    'No browser was found. Looked for PUPPETEER_EXECUTABLE_PATH, @sparticuz/chromium (npm, Linux x64), a browser downloaded by puppeteer, and Chrome or Chromium where they are usually installed. Install one of them, or set PUPPETEER_EXECUTABLE_PATH.',
  );
}

/** Unpacks the npm package's browser once into the cache; a second process finds it there, whole or not at all. */
async function unpackSparticuz(cache: string): Promise<BrowserProgram | undefined> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  let module: string;
  try {
    module = import.meta.resolve('@sparticuz/chromium');
  } catch {
    return undefined;
  }
  const {version} = require(fileURLToPath(new URL('../package.json', module))) as {version: string};
  const folder = join(cache, `chromium-${version}`);
  if (!(await isExecutable(join(folder, 'chromium')))) {
    await mkdir(cache, {recursive: true});
    const unpacking = await mkdtemp(`${folder}-`);
    try {
      await inflate(module, unpacking);
      // mkdtemp makes it for its owner alone; an image is built by one user and run by another.
      await chmod(unpacking, 0o755);
      await chmod(join(unpacking, 'chromium'), 0o755);
      await writeFile(join(unpacking, 'fonts/fonts.conf'), fontconfig(folder));
      await rename(unpacking, folder).catch(async (error) => {
        if (!(await isExecutable(join(folder, 'chromium')))) throw error;
      });
    } finally {
      await rm(unpacking, {recursive: true, force: true});
    }
  }
  return {
    path: join(folder, 'chromium'),
    environment: {
      LD_LIBRARY_PATH: [join(folder, 'al2023/lib'), process.env.LD_LIBRARY_PATH]
        .filter(Boolean)
        .join(delimiter),
      FONTCONFIG_PATH: process.env.FONTCONFIG_PATH ?? join(folder, 'fonts'),
    },
  };
}

/** The package's own settings look for its font in places that Lambda has: elsewhere no text would be drawn. */
const fontconfig = (folder: string) => {
  const path = folder.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>${path}/fonts</dir>
  <dir>/opt/fonts</dir>
  <cachedir>${path}/fonts/cache</cachedir>
</fontconfig>
`;
};

/** The package unpacks into the temporary directory of its process, so it gets a process of its own. */
async function inflate(module: string, folder: string): Promise<void> {
  const script = `const {default: chromium} = await import(${JSON.stringify(module)}); await chromium.executablePath();`;
  await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    // Its libraries are unpacked only where it believes to be on Lambda.
    env: {...childEnvironment(), TMPDIR: folder, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x'},
    timeout: 120_000,
  });
}

function puppeteersOwn(): string | undefined {
  try {
    return (require('puppeteer') as {executablePath(): string}).executablePath();
  } catch {
    return undefined;
  }
}

const isExecutable = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
