import {lstat, mkdir, readFile, realpath, rename, rm, stat, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {RenderError} from '../../base/errors.ts';
import {findProject} from '../../renderers/revideo/project.ts';
import {addScripts, type State} from './package-scripts.ts';

/** The options of `init`, as they come from the command line. */
export interface InitCommand {
  dryRun?: boolean;
}

const ENTRY = `import {fileURLToPath} from 'node:url';
import {lambdaHandler} from 'revideo-lambda/handler';

/** The entry on AWS Lambda: renders this project. */
export const handler = lambdaHandler({project: fileURLToPath(new URL('..', import.meta.url))});
`;

/** Without variables: an event that names some replaces all of the project's own. */
const EVENTS: Readonly<Record<string, object>> = {
  'full-render': {jobType: 'fullRender', jobId: '12345', numWorkers: 25},
  'full-render-minimal': {jobType: 'fullRender'},
  status: {jobType: 'status', jobId: '12345'},
  cancel: {jobType: 'cancel', jobId: '12345'},
  check: {jobType: 'check'},
};

const FILES: Readonly<Record<string, string>> = {
  'src/lambda.ts': ENTRY,
  ...Object.fromEntries(
    Object.entries(EVENTS).map(([name, event]) => [
      `events/${name}.json`,
      `${JSON.stringify(event, null, 2)}\n`,
    ]),
  ),
};

/** With a prefix: templates of Revideo have a script `render` already. */
const SCRIPTS: Readonly<Record<string, string>> = Object.fromEntries(
  ['render', 'serve', 'image', 'deploy', 'destroy', 'policies'].map((name) => [
    `lambda:${name}`,
    `revideo-lambda ${name}`,
  ]),
);

/**
 * Adds to a project what it needs to be rendered on Lambda. Prints a line for each file and script: what was added, what
 * was there already, and what belongs to the project and stays.
 *
 * @throws `ProjectNotFound`; `BadSetting` for a project without a package.json that can be read
 */
export async function init(project: string, {dryRun = false}: InitCommand): Promise<void> {
  const {folder} = await findProject(project);
  const manifest = join(folder, 'package.json');
  const before = await readFile(manifest, 'utf8').catch((cause) => {
    throw new RenderError('BadSetting', `${manifest} cannot be read. Run npm init in ${folder} first.`, {
      cause,
    });
  });
  const scripts = addScripts(before, {file: manifest, scripts: SCRIPTS});
  const says = (state: State, name: string) => process.stdout.write(`${WORDS[state]}${name}\n`);
  if (dryRun) process.stdout.write(`Nothing is changed in ${folder}. Without --dry-run:\n`);

  for (const [name, text] of Object.entries(FILES)) {
    const path = join(folder, name);
    const state = (await isThere(path)) ? ((await isSame(path, text)) ? 'there' : 'kept') : 'added';
    if (state === 'added' && !dryRun) await add(path, text);
    says(state, name);
  }
  if (scripts.text !== before && !dryRun) await replace(manifest, scripts.text);
  for (const [name, state] of Object.entries(scripts.states)) says(state, `script ${name} of package.json`);
}

/** Whether the author has something under this name, if only a link to a file that is gone. */
async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw notWritten(path, error);
  }
}

async function add(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), {recursive: true});
    await writeFile(path, text, {flag: 'wx'});
  } catch (error) {
    throw notWritten(path, error);
  }
}

/** Writes the whole text or leaves the file as it is. A link stays a link, and the file keeps its rights. */
async function replace(path: string, text: string): Promise<void> {
  const file = await realpath(path);
  const whole = `${file}.${process.pid}.new`;
  try {
    await writeFile(whole, text, {flag: 'wx', mode: (await stat(file)).mode});
    await rename(whole, file);
  } catch (error) {
    await rm(whole, {force: true});
    throw notWritten(path, error);
  }
}

const notWritten = (path: string, error: unknown): RenderError =>
  new RenderError(
    'BadSetting',
    `${path} cannot be written: ${error instanceof Error ? error.message : error}. Mend that and run init again: it adds what is missing.`,
    {cause: error},
  );

const WORDS: Readonly<Record<State, string>> = {
  added: 'added          ',
  there: 'there already  ',
  kept: 'yours, kept    ',
};

const isSame = async (path: string, text: string): Promise<boolean> =>
  (await readFile(path, 'utf8').catch(() => '')) === text;
