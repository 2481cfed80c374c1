/**
 * The version of this package, as in package.json. A function reports it, and a client compares it with its
 * own.
 */
export const VERSION = '0.1.0';

/** The version of Revideo in this repository, as package.json asks for it: for projects that have none of their own. */
export const REVIDEO_VERSION = '0.11.0';
