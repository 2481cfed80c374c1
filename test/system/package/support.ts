import {mkdirSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs';
import {delimiter, dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {execa} from 'execa';
import {scratch} from '../../support/processes.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Packs the package into a folder as `npm publish` does, and returns the tarball. */
export async function pack(folder: string): Promise<string> {
  const {stdout} = await execa('npm', ['pack', '--json', '--pack-destination', folder], {cwd: ROOT});
  // The output of prepack comes first.
  const [{filename}] = JSON.parse(stdout.slice(stdout.indexOf('[\n')));
  return join(folder, filename);
}

/** A project of a film of three frames, with nothing of ours in it. */
const PROJECT: Readonly<Record<string, string>> = {
  'package.json': '{"name": "somebodys-film", "private": true, "type": "module"}\n',
  'src/project.tsx': `import {makeProject} from '@revideo/core';
import scene from './scene';

export default makeProject({scenes: [scene], settings: {shared: {size: {x: 160, y: 90}}}});
`,
  'src/scene.tsx': `import {makeScene2D, Rect} from '@revideo/2d';

export default makeScene2D('scene', function* (view) {
  view.add(<Rect width={80} height={45} fill={'red'} />);
  for (let frame = 0; frame < 2; frame++) yield;
});
`,
};

/**
 * Installs the packed package into a bare folder with a Revideo project, outside of the repository. The package itself is
 * unpacked as npm does it. Its dependencies are links to the packages of the repository, for speed. Only dependencies that its
 * manifest names are linked, so a dependency that it forgets is missing.
 *
 * @param more packages that the owner of the folder has installed besides
 */
export async function installed(tarball: string, {more = []}: {more?: string[]} = {}): Promise<string> {
  const folder = scratch();
  for (const [path, text] of Object.entries(PROJECT)) {
    mkdirSync(dirname(join(folder, path)), {recursive: true});
    writeFileSync(join(folder, path), text);
  }
  const packages = join(folder, 'node_modules');
  const own = join(packages, 'revideo-lambda');
  mkdirSync(own, {recursive: true});
  await execa('tar', ['--extract', '--strip-components=1', '--file', tarball, '--directory', own]);
  const {bin, dependencies, optionalDependencies} = JSON.parse(
    readFileSync(join(own, 'package.json'), 'utf8'),
  );
  for (const name of [...Object.keys({...dependencies, ...optionalDependencies}), ...more]) {
    mkdirSync(dirname(join(packages, name)), {recursive: true});
    symlinkSync(join(ROOT, 'node_modules', name), join(packages, name));
  }
  mkdirSync(join(packages, '.bin'), {recursive: true});
  symlinkSync(join(own, bin['revideo-lambda']), join(packages, '.bin/revideo-lambda'));
  return folder;
}

/** Runs a command of the package in such a folder, as its owner does: by npx, with nothing of the repository in the way. */
export function npx(
  folder: string,
  args: string[],
  {env = {}, detached = false}: {env?: NodeJS.ProcessEnv; detached?: boolean} = {},
) {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(REVIDEO_|AWS_|VITEST|NODE_ENV|npm_|INIT_CWD)/i.test(name),
  );
  return execa('npx', ['--no-install', 'revideo-lambda', ...args], {
    ...{cwd: folder, reject: false, extendEnv: false, stdin: 'ignore', detached},
    env: {...Object.fromEntries(inherited), npm_config_update_notifier: 'false', ...env},
  });
}

/** A folder with a docker that notes how it was called, and builds nothing. */
export function dockerStub(): {path: string; calls: () => string[]} {
  const folder = scratch();
  const log = join(folder, 'calls.log');
  const script = `#!/bin/sh\necho "$* [$(ls -A | tr '\\n' ' ')]" >>"${log}"\n`;
  writeFileSync(join(folder, 'docker'), script, {mode: 0o755});
  return {
    path: [folder, process.env.PATH].join(delimiter),
    calls: () => readFileSync(log, 'utf8').trim().split('\n'),
  };
}
