#!/usr/bin/env node
// The command `revideo-lambda`. It is plain JavaScript, since the Node that starts it may be too old to run
// the rest. Then it runs the Node that npm has installed, as in every npm script.
import {spawn} from 'node:child_process';
import {existsSync} from 'node:fs';
import {constants} from 'node:os';
import {fileURLToPath} from 'node:url';
import {isNewEnough, NEEDED, packagedNode} from './node-program.mjs';

const here = (path) => new URL(path, import.meta.url);
/** The sources in the repository; what was compiled from them in the published package, which has none. */
const SOURCE = here('./main.ts');
const PROGRAM = existsSync(SOURCE) ? SOURCE : here('../../../dist/package/src/apps/cli/main.js');

if (isNewEnough) {
  await import(PROGRAM.href);
} else {
  // Below the repository or this package, or beside this package. Some versions of npm install the packages of Node
  // without a link in .bin, so the packages themselves count too.
  const programs = ['.bin/node', packagedNode()].filter((program) => program !== undefined);
  const node = ['../../../node_modules/', '../../../../']
    .flatMap((folder) => programs.map((program) => fileURLToPath(here(folder + program))))
    .find(existsSync);
  if (!node) {
    process.stderr.write(
      `ToolMissing: This is Node ${process.version}; Node ${NEEDED} or newer is needed, and node_modules holds none. Run \`npm ci\`, or install one.\n`,
    );
    process.exit(1);
  }
  const child = spawn(node, [fileURLToPath(PROGRAM), ...process.argv.slice(2)], {stdio: 'inherit'});
  // A terminal tells both of Ctrl+C, and the program decides what that means; what was sent to us alone is passed on.
  process.on('SIGINT', () => {});
  for (const name of ['SIGTERM', 'SIGHUP']) process.on(name, () => child.kill(name));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
}
