import {stripVTControlCharacters} from 'node:util';
import {RenderError} from '../../errors.ts';
export const compileError = (error: unknown, folder: string) => {
  const message = error instanceof Error ? error.message : String(error);
  return new RenderError(
    'ProjectBroken',
    `The project in ${folder} does not compile. ${stripVTControlCharacters(message).trim()}`,
    {cause: error},
  );
};
