import {accessSync, constants, existsSync} from 'node:fs';
import {homedir, tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

/** The facts that decide where the cache is. */
interface Surroundings {
  /** A file of ours, two folders below the root of the repository or of the package. */
  module?: string;
  environment?: NodeJS.ProcessEnv;
  /** Whether files can be made in a folder that exists. */
  isWritable?: (folder: string) => boolean;
}

/**
 * Where compiled projects and the unpacked browser are kept unless `REVIDEO_CACHE` says so. In the repository and in a
 * project that has installed the package, that is `node_modules/.cache`, which `npm ci` clears away. Where that folder
 * cannot be written, it is the user's cache folder, then the temporary one. On Lambda it is the temporary folder.
 */
export function cacheFolder({
  module = fileURLToPath(import.meta.url),
  environment = process.env,
  isWritable = canWrite,
}: Surroundings = {}): string {
  const last = join(tmpdir(), 'revideo-lambda-cache');
  if (environment.AWS_LAMBDA_RUNTIME_API && environment.LAMBDA_TASK_ROOT) return last;
  const [, packages = join(dirname(module), '../../node_modules')] =
    /^(.*[\\/]node_modules)[\\/]/.exec(module) ?? [];
  const own = environment.XDG_CACHE_HOME || join(homedir(), '.cache');
  const folders = [join(packages, '.cache/revideo-lambda'), join(own, 'revideo-lambda')];
  return folders.find((folder) => isWritable(existing(folder))) ?? last;
}

/** A folder, or the nearest above it that exists. */
function existing(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : existing(dirname(folder));
}

function canWrite(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
