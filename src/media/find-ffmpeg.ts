import {constants} from 'node:fs';
import {access, chmod, stat} from 'node:fs/promises';
import {createRequire} from 'node:module';
import {delimiter, join} from 'node:path';
import {execa} from 'execa';
import {RenderError} from '../base/errors.ts';

/** The variables that the search for ffmpeg reads: `FFMPEG_PATH` and `PATH`. */
export type FfmpegEnvironment = Readonly<Record<string, string | undefined>>;

const found = new Map<string, Promise<string>>();

/**
 * The path of an ffmpeg that runs: `FFMPEG_PATH`, else npm's ffmpeg-static, else `ffmpeg` on `PATH`, else npm's
 * `@ffmpeg-installer/ffmpeg`. Searched once for each pair of the two variables.
 *
 * Rejects with `BadSetting` if `FFMPEG_PATH` names a program that does not run; the search never skips that
 * setting. Rejects with `ToolMissing` if no ffmpeg is found.
 */
export function findFfmpeg(env: FfmpegEnvironment = process.env): Promise<string> {
  const key = JSON.stringify([env.FFMPEG_PATH, env.PATH]);
  const known = found.get(key);
  if (known) return known;
  const search = searchFfmpeg(env).catch((error: unknown) => {
    // A user may install it meanwhile: only a found path is kept.
    found.delete(key);
    throw error;
  });
  found.set(key, search);
  return search;
}

async function searchFfmpeg(env: FfmpegEnvironment): Promise<string> {
  if (env.FFMPEG_PATH) return configured(env.FFMPEG_PATH, env);
  const candidates: [origin: string, path: string | undefined][] = [
    ['npm package ffmpeg-static', packaged('ffmpeg-static')],
    ['ffmpeg on PATH', await onPath('ffmpeg', env)],
    ['npm package @ffmpeg-installer/ffmpeg', packaged('@ffmpeg-installer/ffmpeg')],
  ];
  const reasons: string[] = [];
  for (const [origin, path] of candidates) {
    const fault = path ? await faultOf(path, {packaged: true}) : 'not installed';
    if (path && !fault) return path;
    reasons.push(`  ${origin}: ${fault}`);
  }
  throw new RenderError(
    'ToolMissing',
    `No ffmpeg was found. Looked for, in this order:\n  FFMPEG_PATH: not set\n${reasons.join('\n')}\n` +
      'Set FFMPEG_PATH to an ffmpeg program, install one on PATH, or run `npm install @ffmpeg-installer/ffmpeg`.',
  );
}

async function configured(value: string, env: FfmpegEnvironment): Promise<string> {
  const path = value.includes('/') ? value : await onPath(value, env);
  const fault = path ? await faultOf(path) : 'no such program on PATH';
  if (path && !fault) return path;
  throw new RenderError(
    'BadSetting',
    `FFMPEG_PATH is "${value}", but that cannot be used: ${fault}. Point it at an ffmpeg program, or unset it to have one searched.`,
  );
}

/**
 * The path of the binary that an npm package exports. Not an import: both packages are optional, and a
 * bundler must leave them alone.
 */
function packaged(name: string): string | undefined {
  try {
    const exported: unknown = createRequire(import.meta.url)(name);
    const path = typeof exported === 'object' && exported ? (exported as {path?: unknown}).path : exported;
    return typeof path === 'string' ? path : undefined;
  } catch {
    // Absent, or present without a binary for this platform: both mean that the next candidate has its turn.
    return undefined;
  }
}

async function onPath(name: string, {PATH = ''}: FfmpegEnvironment): Promise<string | undefined> {
  for (const directory of PATH.split(delimiter).filter(Boolean)) {
    const path = join(directory, name);
    if (
      await access(path, constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return path;
  }
  return undefined;
}

/** Why `path` cannot be run, or undefined if it can. Gives a package's binary the right to execute where its install script did not run. */
async function faultOf(path: string, {packaged = false} = {}): Promise<string | undefined> {
  try {
    const {mode} = await stat(path);
    if (packaged && !(mode & constants.S_IXUSR)) await chmod(path, mode | constants.S_IXUSR);
    const quiet = {stdin: 'ignore', stdout: 'ignore', stderr: 'ignore'} as const;
    await execa(path, ['-version'], {
      ...quiet,
      timeout: 20_000,
      extendEnv: false,
      env: {PATH: process.env.PATH},
    });
    return undefined;
  } catch (error) {
    const {code, shortMessage, message} = error as {code?: string; shortMessage?: string; message: string};
    if (code === 'ENOENT') return `there is no file ${path}`;
    return shortMessage ?? message;
  }
}
