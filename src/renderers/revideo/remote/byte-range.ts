/** Bytes `[start, end)` of a file. */
export interface ByteRange {
  start: number;
  end: number;
}

/**
 * Reads a Range header of one range (RFC 9110, section 14.1.2).
 *
 * @param length of the file, in bytes
 * @returns undefined where there is no such header, or one that may be passed over; `'none'` where the file has no such bytes
 */
export function readRange(header: string | undefined, length: number): ByteRange | 'none' | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === undefined || last === undefined || (!first && !last)) return undefined;
  const start = first ? Number(first) : Math.max(0, length - Number(last));
  const end = first && last ? Math.min(Number(last) + 1, length) : length;
  return start < end ? {start, end} : 'none';
}
