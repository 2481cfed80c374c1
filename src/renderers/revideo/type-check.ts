import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {createRequire} from 'node:module';
import {constants, setPriority, tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {execa} from 'execa';
import {childEnvironment} from '../../base/child-environment.ts';
import {RenderError} from '../../base/errors.ts';
import type {TypeCheck} from '../../model/type-checks.ts';
import type {Project} from './project.ts';
import {typeRules} from './type-rules.ts';

/** Mistakes that are shown at once; the rest usually follow from the first. */
const SHOWN = 5;
/** Seconds that the compiler may take where the build depends on it, and where it does not. */
const SECONDS = {error: 300, warn: 60} as const;

/**
 * Errors that the build itself reports, and better: modules that do not exist. A project may also know more
 * modules and globals than its types say, by its build. For those, TypeScript says that they cannot be found
 * (2307, 2792, 2882) or have no types (7016). It may also say that types of Node are missing (2580, 2591).
 * All 7000s are about types that are not written down; 2571 and 18046 follow from a module without types.
 */
const LEFT_OUT = /^(2307|2792|2882|2580|2591|2571|18046|7\d{3})$/;

const require = createRequire(import.meta.url);

/** The result of a type check. */
export interface TypesChecked {
  /** Warnings. */
  found: string[];
  /** Why there was no check, where the machine was at fault: another try may do better. */
  unchecked?: string | undefined;
}

/** The machine ended the compiler, or could not start it. */
class Interrupted extends RenderError {}

/**
 * Looks for type errors in a project, which a bundler does not see and a viewer would find late.
 *
 * @returns nothing found where `typeCheck` is `off`
 * @throws `ProjectBroken` with the compiler's first complaints where `typeCheck` is `error`; with `warn`, never
 */
export async function checkTypes(project: Project, typeCheck: TypeCheck): Promise<TypesChecked> {
  if (typeCheck === 'off') return {found: []};
  try {
    const found = await findTypeErrors(project, typeCheck);
    if (found.length === 0 || typeCheck === 'warn') return {found};
    throw new RenderError(
      'ProjectBroken',
      `The project in ${project.folder} has type errors.\n${found.join('\n')}`,
    );
  } catch (error) {
    if (typeCheck === 'error') throw error;
    const reason = `The types of the project were not checked. ${error instanceof Error ? error.message : error}`;
    return error instanceof Interrupted ? {found: [], unchecked: reason} : {found: [reason]};
  }
}

async function findTypeErrors(project: Project, typeCheck: 'error' | 'warn'): Promise<string[]> {
  const {folder} = project;
  const directory = await mkdtemp(join(tmpdir(), 'revideo-lambda-types-'));
  try {
    const config = join(directory, 'tsconfig.json');
    await writeFile(join(directory, 'revideo.d.ts'), AMBIENT);
    await writeFile(config, JSON.stringify(await typeRules(project)));
    const compiler = join(dirname(require.resolve('typescript/package.json')), 'bin/tsc');
    const running = execa(process.execPath, [compiler, '-p', config, '--pretty', 'false'], {
      cwd: folder,
      env: childEnvironment(),
      extendEnv: false,
      timeout: SECONDS[typeCheck] * 1000,
      killSignal: 'SIGKILL',
      reject: false,
    });
    // Beside the build, which the film waits for.
    if (typeCheck === 'warn' && running.pid) lower(running.pid);
    const {exitCode, signal, stdout, stderr, timedOut} = await running;
    if (timedOut) {
      const message = `The types of ${folder} were not checked within ${SECONDS[typeCheck]} s.`;
      throw new RenderError('ProjectBroken', message);
    }
    const [exhausted] = /^.{0,200}(?:out of memory|cannot allocate memory).{0,200}$/im.exec(stderr) ?? [];
    if (exitCode === undefined || exhausted) {
      const why = exhausted ?? (signal ? `It was stopped by ${signal}.` : 'It could not be started.');
      throw new Interrupted('ProjectBroken', `TypeScript did not finish. ${why}`);
    }
    // 0 is nothing to say; 1 and 2 are complaints. All else is the compiler's own end.
    if (exitCode !== 0 && exitCode !== 1 && exitCode !== 2) {
      const [last = ''] = stderr.trim().split('\n').slice(-1);
      throw new RenderError('ProjectBroken', `TypeScript ended by itself (${exitCode}). ${last}`);
    }
    // About the check itself, which has then not come to the project's files.
    const [refusal] = /^error TS\d+: .*$/m.exec(stdout) ?? [];
    if (refusal) throw new RenderError('ProjectBroken', `TypeScript says: ${refusal}`);
    return complaints(stdout);
  } finally {
    await rm(directory, {recursive: true, force: true});
  }
}

/** The compiler's complaints about the project's own files, each a line of ours. */
function complaints(stdout: string): string[] {
  const all = stdout.split('\n').flatMap((line) => {
    const [, file = '', row, column, code = '', message] =
      /^([^(\n]{1,1000})\((\d+),(\d+)\): error TS(\d+): (.*)$/.exec(line) ?? [];
    const isOwn = file !== '' && !file.startsWith('..') && !/(^|[/\\])node_modules[/\\]/.test(file);
    return isOwn && !LEFT_OUT.test(code)
      ? [`Type error in ${file}:${row}:${column}: ${message} (TS${code})`]
      : [];
  });
  const more = all.length - SHOWN;
  return more > 0 ? [...all.slice(0, SHOWN), `${more} more type ${more === 1 ? 'error' : 'errors'}.`] : all;
}

function lower(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It has ended already, or this system does not allow that.
  }
}

/** Declarations that Revideo's own types lack, for imports that its Vite plugin and ours accept. */
const AMBIENT = `declare module '*?scene' {
  const scene: any;
  export default scene;
}
`;
