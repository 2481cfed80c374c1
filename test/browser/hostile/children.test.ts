import {spawnSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {chmod, copyFile, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {describe, expect, onTestFinished, test, vi} from 'vitest';
import {childEnvironment} from '../../../src/base/child-environment.ts';
import {findFfmpeg} from '../../../src/media/ffmpeg.ts';
import {SECRETS, SIGNATURE, spyOnNode, startCanaries, tellsASecret} from '../../support/canaries.ts';
import {openStage} from '../../support/hostile-handler.ts';
import {processesBelow, scratch} from '../../support/processes.ts';

test('A child is given what it needs of the environment, and no more', () => {
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', SECRETS.AWS_SECRET_ACCESS_KEY);
  vi.stubEnv('LANG', 'C.UTF-8');
  onTestFinished(() => void vi.unstubAllEnvs());
  const {PATH} = process.env;
  const given = childEnvironment(['FONTCONFIG_PATH', 'NOT_THERE']);
  expect(given).toMatchObject({PATH, LANG: 'C.UTF-8'});
  const allowed = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'FONTCONFIG_PATH'];
  expect(Object.keys(given).filter((name) => !allowed.includes(name))).toEqual([]);
});

/** Whether a child of Node reads the first environment of its parent; as a user who is not root. */
function childReads(node: string): boolean {
  const look = {env: {}, encoding: 'latin1'};
  const code = `console.log(require('node:child_process').spawnSync('/bin/cat', ['/proc/' + process.pid + '/environ'], ${JSON.stringify(look)}).stdout)`;
  const {stdout, status} = spawnSync(node, ['--eval', code], {
    ...{uid: 993, gid: 990, env: SECRETS, cwd: '/', encoding: 'latin1'},
  });
  expect(status).toBe(0);
  return tellsASecret(stdout);
}

test.runIf(process.platform === 'linux' && process.getuid?.() === 0)(
  "A child reads its parent's environment, unless Node's file can be run and not read, as in the image",
  async () => {
    expect(await readFile('Dockerfile.base', 'utf8')).toMatch(/^RUN chmod 0711 .*command -v node/m);
    const folder = scratch();
    await chmod(folder, 0o755);
    const node = join(folder, 'node');
    await copyFile(process.execPath, node);
    await chmod(node, 0o755);
    expect(childReads(node)).toBe(true);
    await chmod(node, 0o711);
    expect(childReads(node)).toBe(false);
  },
);

describe('With our page', {timeout: 120_000}, () => {
  const open = async () => {
    const canaries = await startCanaries();
    const spy = spyOnNode(scratch());
    vi.stubEnv('NODE_OPTIONS', spy.options);
    const tool = join(scratch(), 'ffmpeg');
    const seen = `${tool}-environment`;
    await writeFile(tool, `#!/bin/sh\nenv >> ${seen}\nexec ${await findFfmpeg()} "$@"\n`);
    await chmod(tool, 0o755);
    vi.stubEnv('FFMPEG_PATH', tool);
    const stage = await openStage(canaries);
    onTestFinished(async () => {
      await stage[Symbol.asyncDispose]();
      await canaries[Symbol.asyncDispose]();
      vi.unstubAllEnvs();
    });
    return {canaries, stage, spy, toolSaw: () => readFile(seen, 'utf8')};
  };

  test('no child sees a credential, and no page', async () => {
    const {stage, spy, toolSaw} = await open();
    const environments: string[] = [];
    const look = setInterval(() => {
      for (const line of processesBelow(process.pid)) {
        environments.push(environmentOf(Number.parseInt(line, 10)));
      }
    }, 20);
    onTestFinished(() => clearInterval(look));
    await stage.film({attack: 'none'});
    expect(environments.filter(Boolean)).not.toEqual([]);
    expect(environments.filter(tellsASecret)).toEqual([]);
    expect(tellsASecret(await toolSaw())).toBe(false);
    expect(spy.seen()).toEqual([]);
    const names = /^Frame 0, scene "hostile": seen: \{"env":null/;
    await stage.refuse(stage.chunk({attack: 'environment'}), {error: 'SceneFailed', names});
  });

  test('no server of this machine is reached', async () => {
    const {canaries, stage} = await open();
    const address = `http://${canaries.host}/steal`;
    const src = `${address}?signature=${SIGNATURE}`;
    for (const attack of ['fetch', 'Audio']) {
      await stage.refuse(stage.chunk({attack, src}), {names: address});
    }
  });
});

function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    return ''; // ended meanwhile, or no /proc
  }
}
