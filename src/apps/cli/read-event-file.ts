import {readFile} from 'node:fs/promises';
import {RenderError} from '../../base/errors.ts';

/**
 * The content of a file that `--event` names. Rejects with `BadSetting` if the file is missing, or is not
 * JSON.
 */
export async function readEventFile(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((cause) => {
    throw new RenderError(
      'BadSetting',
      `--event is ${JSON.stringify(file)}; there is no such file to read.`,
      {cause},
    );
  });
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new RenderError(
      'BadSetting',
      `--event is ${JSON.stringify(file)}, which is not JSON: ${(cause as Error).message}`,
      {cause},
    );
  }
}
