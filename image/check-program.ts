import {createHash} from 'node:crypto';
import {readFileSync} from 'node:fs';

/**
 * Programs that npm's lock file does not pin, because an install script downloads them: the SHA-256 of each,
 * for Linux on x64. ffmpeg-static 5.3.0 downloads release b6.1.1, which is FFmpeg 7.0.2. PyPI's
 * imageio-ffmpeg 0.6.0 has the same file.
 */
export const SHA256: Readonly<Record<string, string>> = {
  'ffmpeg-static': 'e7e7fb30477f717e6f55f9180a70386c62677ef8a4d4d1a5d948f4098aa3eb99',
};

/**
 * Refuses a downloaded program that is not the pinned one.
 *
 * @throws an Error with both hashes
 */
export function checkProgram(packageName: string, path: string): void {
  const expected = SHA256[packageName];
  if (!expected) return;
  const actual = createHash('sha256').update(readFileSync(path)).digest('hex');
  if (actual === expected) return;
  throw new Error(
    `${packageName} downloaded a program with the SHA-256 ${actual}. Expected: ${expected}. If you changed the version of ${packageName}, change the hash in image/check-program.ts too.`,
  );
}
