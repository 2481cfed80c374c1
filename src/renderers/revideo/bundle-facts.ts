import {randomUUID} from 'node:crypto';
import {readFile, rename, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {z} from 'zod';

/** The file of a bundle that holds its facts. */
const FILE = 'facts.json';

const Facts = z.object({
  /** Problems that did not stop the build. */
  warnings: z.array(z.string()).default([]),
  /** Why the types were not checked, if another try may do better. */
  unchecked: z.string().optional(),
  /** The version of Revideo in it. */
  revideo: z.string().optional(),
  /** Where the project's own settings put its static files: a path, or `false` for nowhere. */
  publicFolder: z.union([z.string(), z.literal(false)]).optional(),
  /** Films made here that lie in the project's folder: paths in it. They are no media of the project. */
  results: z.array(z.string()).default([]),
  /** Bytes of each file of the page, by its path in the build; left out by earlier versions. */
  sizes: z.record(z.string(), z.number()).default({}),
});

/** Facts about a build besides its files; none of them changes a pixel. */
export type BundleFacts = z.infer<typeof Facts>;

/** Keeps the facts of a build in its folder, whole or not at all. */
export async function writeFacts(folder: string, facts: BundleFacts): Promise<void> {
  const beside = join(folder, `${FILE}-${randomUUID()}`);
  await writeFile(beside, JSON.stringify(facts));
  await rename(beside, join(folder, FILE));
}

/**
 * Reads the facts of a build.
 *
 * @returns undefined for a build that kept none
 * @throws an error for facts that are garbled
 */
export async function readFacts(folder: string): Promise<BundleFacts | undefined> {
  const json = await readFile(join(folder, FILE), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return json === undefined ? undefined : Facts.parse(JSON.parse(json));
}

/** All messages of a build to its user. */
export const warningsOf = ({warnings, unchecked}: Pick<BundleFacts, 'warnings' | 'unchecked'>): string[] =>
  unchecked === undefined ? warnings : [...warnings, unchecked];

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
