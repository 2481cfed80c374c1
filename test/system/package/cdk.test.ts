import {copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {execa} from 'execa';
import {afterAll, beforeAll, expect, it} from 'vitest';
import {scratch} from '../../support/processes.ts';
import {installed, pack} from './support.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const packed = mkdtempSync(join(tmpdir(), 'packed-'));
let tarball: string;
beforeAll(async () => {
  tarball = await pack(packed);
});
afterAll(() => rmSync(packed, {recursive: true}));

interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
}

it('the example is a CDK app of somebody else, with the construct of the packed package in it', async () => {
  const folder = await installed(tarball, {more: ['aws-cdk-lib', 'constructs', '@types/node']});
  copyFileSync(join(ROOT, 'examples/cdk/app.ts'), join(folder, 'app.ts'));
  const out = scratch();
  await execa(process.execPath, ['app.ts'], {cwd: folder, env: {CDK_OUTDIR: out}});
  const read = (name: string) => JSON.parse(readFileSync(join(out, name), 'utf8'));
  const all: Resource[] = Object.values(read('my-films.template.json').Resources);
  const only = (type: string) => all.filter(({Type}) => Type === type);
  expect(only('AWS::S3::Bucket')).toHaveLength(1);
  const [properties, ...more] = only('AWS::Lambda::Function').map(({Properties}) => Properties);
  expect(more).toEqual([]);
  expect(properties).toMatchObject({FunctionName: 'my-films', MemorySize: 4096});
  // A new account has ten invocations at a time: an example that reserves 50 of them could not be deployed there.
  expect(properties).not.toHaveProperty('ReservedConcurrentExecutions');

  const [image] = Object.values(
    read('my-films.assets.json').dockerImages as Record<string, {source: {directory: string}}>,
  );
  expect(image?.source).toMatchObject({dockerBuildArgs: {PROJECT: '.project'}});
  // CDK has copied what the image is built of: the project, and our part without a package.
  const asset = join(out, image?.source.directory ?? '');
  expect(readFileSync(join(asset, '.project/src/project.tsx'), 'utf8')).toContain('makeProject');
  expect(readFileSync(join(asset, 'package-lock.json'), 'utf8')).toContain('esbuild');

  const tsc = join(ROOT, 'node_modules/.bin/tsc');
  const options = '--strict --noEmit --skipLibCheck --types node --module nodenext --target es2022'.split(
    ' ',
  );
  await execa(tsc, [...options, 'app.ts'], {cwd: folder});
  writeFileSync(
    join(folder, 'wrong.ts'),
    readFileSync(join(folder, 'app.ts'), 'utf8').replace('memory: 4096', "memory: 'much'"),
  );
  const wrong = await execa(tsc, [...options, 'wrong.ts'], {cwd: folder, reject: false});
  expect(wrong.stdout).toMatch(/Type 'string' is not assignable to type 'number'/);
}, 600_000);
