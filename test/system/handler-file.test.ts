import {mkdtemp, rm} from 'node:fs/promises';
import {isBuiltin} from 'node:module';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {execa} from 'execa';
import {expect, it} from 'vitest';
import {writeHandler} from '../../build-handler.ts';

it('gives a handler that starts where no package is installed', async () => {
  // Outside of the repository, as in the image: nothing above it has packages.
  const folder = await mkdtemp(join(tmpdir(), 'revideo-lambda-handler-'));
  try {
    const file = join(folder, 'lambda.mjs');
    const {outputs} = await writeHandler(file);
    const imports = Object.values(outputs).flatMap((output) => output.imports);
    const early = imports.filter(
      ({path, kind, external}) => external && kind === 'import-statement' && !isBuiltin(path),
    );
    expect(early.map(({path}) => path)).toEqual([]);

    const program = `const {handler} = await import(${JSON.stringify(file)}); console.log(typeof handler);`;
    const {stdout} = await execa(process.execPath, ['--input-type=module', '--eval', program], {
      cwd: folder,
      env: {REVIDEO_BUCKET_NAME: 'none', AWS_REGION: 'us-east-1'},
    });
    expect(stdout).toBe('function');
  } finally {
    await rm(folder, {recursive: true, force: true});
  }
}, 120_000);
