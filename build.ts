import {writeFile} from 'node:fs/promises';
import {fileURLToPath} from 'node:url';
import {writeHandler} from './build-handler.ts';
import {toFailure} from './src/apps/cli/exit.ts';
import {readConfig} from './src/apps/config.ts';
import {cleanWarnings} from './src/base/warnings.ts';
import {shownText} from './src/base/words.ts';
import {writeBundle} from './src/renderers/revideo/bundle.ts';
import {findProject} from './src/renderers/revideo/project.ts';
import {thirdParty} from './third-party.ts';

/**
 * Makes `dist/`: the handler in one file and the project compiled, so that an execution environment starts without
 * a compiler. `REVIDEO_BUNDLE=dist/project` has any command use it.
 */
const inRepository = (path: string) => fileURLToPath(new URL(path, import.meta.url));

async function buildAll(): Promise<void> {
  const {cache, typeCheck, viteConfig, project = inRepository('revideo-project')} = readConfig();

  const {searched, ...found} = await findProject(project);
  if (searched) process.stderr.write(`The project file is ${found.file}.\n`);

  const [{warnings}, {inputs}] = await Promise.all([
    writeBundle(found, {folder: inRepository('dist/project'), cache, typeCheck, viteConfig}),
    writeHandler(inRepository('dist/lambda.mjs'), found.folder),
  ]);
  await writeFile(inRepository('dist/THIRD-PARTY.txt'), thirdParty(Object.keys(inputs)));
  for (const warning of cleanWarnings(warnings)) process.stderr.write(`Warning: ${warning}\n`);
  process.stdout.write('dist/lambda.mjs and dist/project are ready.\n');
}

try {
  await buildAll();
} catch (thrown) {
  // A mistake in the project is its author's to read: our stack says nothing to them.
  const {line = '', defect, stack, exitCode} = toFailure(thrown);
  process.stderr.write(`${shownText(defect ? `${line}\n${stack}` : line)}\n`);
  process.exitCode = exitCode;
}
