/** https://man7.org/linux/man-pages/man2/write.2.html */
const CODES = /^E(DQUOT|FBIG|NOSPC)$/;
/** The same in other programs' words (https://man7.org/linux/man-pages/man3/strerror.3.html). */
const WORDS = /\bENOSPC\b|\bEDQUOT\b|No space left on device|File too large|Disk quota exceeded/;
/** Causes of an error that are looked at. */
const CAUSES = 10;

/** Whether another program's message says that a disk is full. */
export const saysDiskFull = (words: string): boolean => WORDS.test(words);

/** Whether an error, or one of its causes, says that a disk is full, here or in a program that was run. */
export function isDiskFull(thrown: unknown): boolean {
  let error = thrown;
  for (let depth = 0; depth < CAUSES && error instanceof Error; depth++, error = error.cause) {
    const {code, stderr} = error as NodeJS.ErrnoException & {stderr?: unknown};
    if (CODES.test(String(code ?? '')) || (typeof stderr === 'string' && saysDiskFull(stderr))) return true;
  }
  return false;
}
