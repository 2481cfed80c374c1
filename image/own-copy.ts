import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

const NAME = 'revideo-lambda';
const KINDS = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'] as const;

type Named = Partial<Record<(typeof KINDS)[number], Record<string, unknown>>>;
type Manifest = Named & {packages?: Record<string, Named>};

/**
 * Takes this package out of the dependencies of a copied project. The image is built by this package already, and a
 * project may have installed it from a file that the image does not see. npm leaves out packages that only this one needs.
 *
 * @param folder of the copy; a manifest that cannot be read is left as it is
 */
export function removeOwnCopy(folder: string): void {
  for (const name of ['package.json', 'package-lock.json']) {
    const path = join(folder, name);
    const manifest = read(path);
    if (!manifest || !JSON.stringify(manifest).includes(`"${NAME}"`)) continue;
    for (const owner of [manifest, manifest.packages?.['']])
      for (const kind of KINDS) delete owner?.[kind]?.[NAME];
    for (const place of Object.keys(manifest.packages ?? {}))
      if (`${place}/`.startsWith(`node_modules/${NAME}/`)) delete manifest.packages?.[place];
    writeFileSync(path, `${JSON.stringify(manifest, null, 2)}\n`);
  }
}

function read(path: string): Manifest | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
