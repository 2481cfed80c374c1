// Links the Node that npm installed as node_modules/.bin/node, where every npm script finds it first. npm makes this link
// itself, but 10.8, 10.9 and 11.6 remove it again together with the packages for other platforms. Plain JavaScript: the
// Node that runs this may be too old for the rest.
import {existsSync, rmSync, symlinkSync} from 'node:fs';
import {isNewEnough, NEEDED, packagedNode} from './src/apps/cli/node-program.mjs';

const modules = new URL('./node_modules/', import.meta.url);
const link = new URL('.bin/node', modules);
const program = packagedNode();

if (!existsSync(link) && program && existsSync(new URL(program, modules))) {
  // A link that leads nowhere may be in the way.
  rmSync(link, {force: true});
  symlinkSync(`../${program}`, link);
}
if (!existsSync(link) && !isNewEnough) {
  process.stderr.write(
    `ToolMissing: This is Node ${process.version}; Node ${NEEDED} or newer is needed, and npm installed none. Install Node ${NEEDED}, or run \`npm ci --include=optional\`.\n`,
  );
  process.exitCode = 1;
}
