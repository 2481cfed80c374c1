import {existsSync} from 'node:fs';
import {mkdir, readFile, writeFile} from 'node:fs/promises';
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
    const state = existsSync(path) ? ((await isSame(path, text)) ? 'there' : 'kept') : 'added';
    says(state, name);
    if (state !== 'added' || dryRun) continue;
    await mkdir(dirname(path), {recursive: true});
    await writeFile(path, text, {flag: 'wx'});
  }
  for (const [name, state] of Object.entries(scripts.states)) says(state, `script ${name} of package.json`);
  if (scripts.text !== before && !dryRun) await writeFile(manifest, scripts.text);
}

const WORDS: Readonly<Record<State, string>> = {
  added: 'added          ',
  there: 'there already  ',
  kept: 'yours, kept    ',
};

const isSame = async (path: string, text: string): Promise<boolean> =>
  (await readFile(path, 'utf8').catch(() => '')) === text;
