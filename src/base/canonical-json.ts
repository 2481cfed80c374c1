import {stringify} from 'safe-stable-stringify';

/**
 * The JSON of a value with the keys of every object sorted at any depth. Values that differ only in the order
 * of their keys give the same text. `undefined` is null in an array, and left out of an object, as in all
 * JSON.
 *
 * It calls itself for each level, so what is nested too deeply has to be refused before.
 */
export const canonicalJson = (value: unknown): string => stringify(value) ?? 'null';
