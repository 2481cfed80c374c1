import {chmodSync, existsSync, mkdirSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {readConfig} from '../../../src/apps/config.ts';
import {findFfmpeg} from '../../../src/media/ffmpeg.ts';
import {findBrowser} from '../../../src/renderers/revideo/browser.ts';
import type {Trap} from './proxy.ts';
import {appears} from './within.ts';

/** Programs that a function runs in place of the real ones: shell scripts that become them, after what a row wants. */
export interface Tools {
  /** Variables that lead a function to them. */
  environment: Record<string, string>;
  /**
   * Has the first ffmpeg whose arguments match a shell pattern, or each of them, do something before it becomes ffmpeg.
   * In it, `$MARK` is the path of something that is there from then on.
   */
  ffmpeg(hook: {matching: string; does: string; each?: boolean}): Trap;
  /** Ends the hook. */
  calm(): void;
  /** Lets go on what {@link HOLD} holds. */
  letGo(): void;
}

/** The settings of a tool. */
export interface ToolOptions {
  /** A directory that exists as long as they are used. */
  directory: string;
  /** Shell commands that run before the function's runtime starts, in its process. */
  beforeRuntime?: string | undefined;
  /** Shell commands that run before each browser starts; `$FLAGS` goes to its command line, `$N` is how many came before. */
  beforeBrowser?: string | undefined;
}

/** A hook that waits until it is let go. */
export const HOLD = 'while [ ! -e "$MARK.go" ]; do sleep 0.02; done';

/** A hook that ends the program as the kernel does when memory is short. */
export const DIE = 'kill -9 $$';

const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** Writes the scripts. */
export async function makeTools({directory, beforeRuntime, beforeBrowser}: ToolOptions): Promise<Tools> {
  const path = (name: string) => join(directory, name);
  const script = (name: string, ...lines: string[]) => {
    writeFileSync(path(name), `#!/bin/sh\n${lines.join('\n')}\n`);
    chmodSync(path(name), 0o755);
    return path(name);
  };
  const hook = path('ffmpeg-hook.sh');
  const mark = path('ffmpeg-mark');
  const ffmpeg = script('ffmpeg', `[ -e ${quote(hook)} ] && . ${quote(hook)}`, become(await findFfmpeg()));
  const environment: Record<string, string> = {FFMPEG_PATH: ffmpeg};
  if (beforeRuntime) environment.AWS_LAMBDA_EXEC_WRAPPER = script('runtime', beforeRuntime, 'exec "$@"');
  if (beforeBrowser) {
    const browser = await findBrowser(readConfig().cache);
    const launches = path('launches');
    mkdirSync(launches);
    environment.PUPPETEER_EXECUTABLE_PATH = script(
      'browser',
      ...Object.entries(browser.environment).map(([name, value]) => `export ${name}=${quote(value)}`),
      `N=$(ls ${quote(launches)} | wc -l); touch ${quote(launches)}/$$`,
      beforeBrowser,
      `exec ${quote(browser.path)} $FLAGS "$@"`,
    );
  }
  const calm = () => {
    for (const file of [hook, `${mark}.go`]) rmSync(file, {force: true});
    rmSync(mark, {recursive: true, force: true});
  };
  return {
    environment,
    ffmpeg({matching, does, each = false}) {
      calm();
      // Only one process creates a directory, even if others try too.
      const once = `if mkdir "$MARK" 2>/dev/null || ${each}; then ${does}\nfi`;
      writeFileSync(hook, `MARK=${quote(mark)}\ncase "$*" in ${matching}) ${once};; esac\n`);
      const met = appears('ffmpeg to be run', () => existsSync(mark) || undefined);
      met.catch(() => {});
      return {hits: () => Number(existsSync(mark)), met};
    },
    calm,
    letGo: () => writeFileSync(`${mark}.go`, ''),
  };
}

const become = (program: string) => `exec ${quote(program)} "$@"`;
