/** Of this package, as in package.json: what a function says of itself, and a client compares with its own. */
export const VERSION = '0.1.0';
