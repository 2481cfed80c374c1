/** Of this package, as in package.json: what a function says of itself, and a client compares with its own. */
export const VERSION = '0.1.0';

/** Of the Revideo that films are drawn with, as package.json asks for it. */
export const REVIDEO_VERSION = '0.11.0';
