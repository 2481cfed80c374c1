import {createHash} from 'node:crypto';
import {createReadStream} from 'node:fs';
import {relative, sep} from 'node:path';
import {onlyInside, projectFiles, servedFiles} from './files.ts';
import {findOwnFilms} from './own-films.ts';
import type {Project} from './project.ts';
import {isMedia} from './public-file.ts';

/** The media of a project that have an address without being in `public/`. */
export interface ProjectMedia {
  /** Paths. */
  media: string[];
  /** Films that were made here, and their pictures: paths from the project's folder. They have no address. */
  results: string[];
}

/**
 * Finds a project's media beside its sources. A link counts if it leads to a file of the project's folder.
 * The page gets no file outside it, and a compiled project holds none.
 *
 * @param page folder of the compiled page
 */
export async function mediaOf(
  {folder, publicFolder}: Pick<Project, 'folder' | 'publicFolder'>,
  page: string,
): Promise<ProjectMedia> {
  const files = (await projectFiles(folder)).filter(
    (file) => isMedia(relative(folder, file)) && !file.startsWith(publicFolder + sep),
  );
  const found = await onlyInside(files, folder);
  const results = await findOwnFilms(found, {folder, page});
  return {media: found.filter((file) => !results.includes(relative(folder, file))), results};
}

/**
 * Hashes what decides the pixels: the page, static files, and the project's other media, each by its name and content.
 *
 * @param folders of the page and of static files
 */
export async function hashBundle(
  folders: readonly string[],
  {media, folder}: {media: readonly string[]; folder: string},
): Promise<string> {
  const hash = createHash('sha256');
  const add = async (file: string, from: string) => {
    const name = relative(from, file);
    // Source maps draw nothing.
    if (name.endsWith('.map')) return;
    hash.update(name);
    try {
      for await (const bytes of createReadStream(file)) hash.update(bytes);
    } catch {
      // The page cannot read it either, and says so if the film needs it.
      hash.update('unreadable');
    }
  };
  for (const served of folders) for (const file of await servedFiles(served)) await add(file, served);
  for (const file of media) await add(file, folder);
  return hash.digest('hex');
}
