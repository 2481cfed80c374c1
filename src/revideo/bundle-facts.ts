import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {z} from 'zod';

/** The file of a bundle that holds its facts. */
const FILE = 'facts.json';

const Facts = z.object({
  /** Problems that did not stop the build. */
  warnings: z.array(z.string()).default([]),
  /** The version of Revideo in it. */
  revideo: z.string().optional(),
  /** Where the project's own settings put its static files: a path, or `false` for nowhere. */
  publicFolder: z.union([z.string(), z.literal(false)]).optional(),
});

/** What a build knows of itself besides its files; none of it draws anything. */
export type BundleFacts = z.infer<typeof Facts>;

/** Keeps the facts of a build in its folder. */
export const writeFacts = (folder: string, facts: BundleFacts): Promise<void> =>
  writeFile(join(folder, FILE), JSON.stringify(facts));

/** Reads the facts of a build; none for a build that kept none. */
export async function readFacts(folder: string): Promise<BundleFacts> {
  const json = await readFile(join(folder, FILE), 'utf8').catch(() => '{}');
  return Facts.parse(JSON.parse(json));
}

/**
 * The folder of a project's static files.
 *
 * @param page the build's folder
 * @param usual the folder where the project's settings name none
 * @returns a path that does not exist where the settings say that there are none
 */
export const publicFolderOf = (
  {publicFolder}: Pick<BundleFacts, 'publicFolder'>,
  {page, usual}: {page: string; usual: string},
): string => (publicFolder === false ? join(page, 'no-public') : (publicFolder ?? usual));
