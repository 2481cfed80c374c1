import {RenderError} from '../base/errors.ts';

/** Bytes of an object, counted from 0 as `Buffer.subarray` counts them. */
export interface ByteRange {
  /** The first byte. */
  start: number;
  /** The byte after the last one; the object's end where it is left out, or lies beyond that. */
  end?: number | undefined;
}

/**
 * Checks a range before the request.
 *
 * @throws `Internal` unless both are whole numbers and 0 <= start < end: only a mistake in this code asks for less
 */
export function checkRange({start, end = Number.POSITIVE_INFINITY}: ByteRange): void {
  const isCount = (value: number) => Number.isSafeInteger(value) && value >= 0;
  if (isCount(start) && (isCount(end) || end === Number.POSITIVE_INFINITY) && start < end) return;
  throw new RenderError(
    'Internal',
    `Bytes ${start} to ${end} are no range: start must be a whole number from 0, end one above it.`,
  );
}

/** The range as HTTP words it: the last byte is included (RFC 9110, section 14.1.2). */
export const httpRange = ({start, end}: ByteRange): string =>
  `bytes=${start}-${end === undefined ? '' : end - 1}`;
