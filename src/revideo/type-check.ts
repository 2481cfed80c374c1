import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {execa} from 'execa';
import {childEnvironment} from '../child-environment.ts';
import {RenderError} from '../errors.ts';
import type {Project} from './project.ts';

/** Mistakes that are shown at once; the rest usually follow from the first. */
const SHOWN = 5;
/** Seconds that the compiler may take. */
const SECONDS = 300;

const require = createRequire(import.meta.url);

/**
 * Looks for type errors in a project, which a bundler does not see and a viewer would find late.
 * Only what is wrong under the loosest rules counts: a project's own rules are its author's business.
 *
 * @throws `ProjectBroken` with the compiler's first complaints, each with file, line and column.
 */
export async function checkTypes({file, folder, packages}: Project): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'revideo-lambda-types-'));
  try {
    const config = join(directory, 'tsconfig.json');
    await writeFile(
      config,
      JSON.stringify({compilerOptions: {...RULES, paths: paths(packages)}, files: [file, ambient(packages)]}),
    );
    const compiler = join(dirname(require.resolve('typescript/package.json')), 'bin/tsc');
    const {exitCode, stdout, timedOut} = await execa(
      process.execPath,
      [compiler, '-p', config, '--pretty', 'false'],
      {
        cwd: folder,
        env: childEnvironment(),
        extendEnv: false,
        timeout: SECONDS * 1000,
        killSignal: 'SIGKILL',
        reject: false,
      },
    );
    if (timedOut) {
      throw new RenderError('ProjectBroken', `The types of ${folder} were not checked within ${SECONDS} s.`);
    }
    const complaints = stdout
      .split('\n')
      .filter((line) => / error TS\d+: /.test(line) && !line.startsWith('error'));
    if (exitCode === 0 || complaints.length === 0) return;
    const shown = complaints.slice(0, SHOWN).join('\n');
    const more = complaints.length > SHOWN ? `\nand ${complaints.length - SHOWN} more` : '';
    throw new RenderError('ProjectBroken', `The project in ${folder} has type errors.\n${shown}${more}`);
  } finally {
    await rm(directory, {recursive: true, force: true});
  }
}

const RULES = {
  noEmit: true,
  strict: false,
  skipLibCheck: true,
  target: 'es2024',
  lib: ['es2024', 'dom', 'dom.iterable'],
  module: 'esnext',
  moduleResolution: 'bundler',
  allowImportingTsExtensions: true,
  resolveJsonModule: true,
  jsx: 'react-jsx',
  jsxImportSource: '@revideo/2d/lib',
  types: [],
};

const paths = (packages: Project['packages']) =>
  Object.fromEntries(
    Object.entries(packages).flatMap(([name, folder]) => [
      [name, [folder]],
      [`${name}/*`, [`${folder}/*`]],
    ]),
  );

/** What Revideo declares of images, shaders and the like. */
const ambient = (packages: Project['packages']) => join(packages['@revideo/core'], 'project.d.ts');
