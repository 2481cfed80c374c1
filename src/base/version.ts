/** Of this package, as in package.json: what a function says of itself, and a client compares with its own. */
export const VERSION = '0.1.0';

/** The version of Revideo in this repository, as package.json asks for it: for projects that have none of their own. */
export const REVIDEO_VERSION = '0.11.0';
