import {execFile} from 'node:child_process';
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {expect, it} from 'vitest';
import {clientTypes} from '../../../client-types.ts';
import {scratch} from '../../support/processes.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const run = promisify(execFile);

/**
 * Compares each type of the package with the type of this repository. Types that are assignable both ways may still
 * differ in an optional field. So all fields must be identical as well, at any depth.
 */
const COMPARISON = `
import type * as ours from '${root}src/apps/client/types.ts';
import type * as theirs from './types.d.ts';

type Flat<T> = T extends readonly (infer E)[] ? Flat<E>[]
  : T extends (...given: never) => unknown ? T
  : T extends object ? {[K in keyof T]: Flat<T[K]>} : T;
type Identical<A, B> = (<T>() => T extends Flat<A> ? 1 : 2) extends <T>() => T extends Flat<B> ? 1 : 2 ? true : never;
type Both<A, B> = [A] extends [B] ? ([B] extends [A] ? Identical<A, B> : never) : never;

export const SAME: true[] = [
  true satisfies Both<ours.RenderRequest, theirs.RenderRequest>,
  true satisfies Both<ours.RenderResult, theirs.RenderResult>,
  true satisfies Both<ours.RenderProgress, theirs.RenderProgress>,
  true satisfies Both<ours.RenderStatus, theirs.RenderStatus>,
  true satisfies Both<ours.CancelResult, theirs.CancelResult>,
  // The caller receives an older function's answer unchanged.
  true satisfies Both<string[] | undefined, theirs.RenderResult['warnings']>,
];
`;

/** Declarations that differ from the repository's types, each in one place, and the types that then differ. */
const CHANGES = [
  {part: /^ {2}thumbnails\?: number.*$/m, other: '', wrong: ['RenderRequest']},
  {part: ' | "best"', other: '', wrong: ['RenderRequest']},
  {part: /^ {4}retried: number;$/m, other: '', wrong: ['RenderResult', 'RenderStatus']},
  {part: 'secondsLeft?:', other: 'secondsLeft:', wrong: ['RenderProgress', 'RenderStatus']},
  {part: 'progress?: RenderProgress;', other: '', wrong: ['RenderStatus']},
  {part: 'message: string', other: 'message: string | number', wrong: ['CancelResult']},
];

it("the package's types are those of the repository, both ways and field by field; any change is found", async () => {
  const folder = scratch();
  const right = clientTypes();
  const all = [right, ...CHANGES.map(({part, other}) => right.replace(part, other))];
  expect(new Set(all).size).toBe(all.length);
  const compilerOptions = {typeRoots: [`${root}node_modules/@types`]};
  const settings = {extends: `${root}tsconfig.json`, compilerOptions, include: ['*/compare.ts']};
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings));
  writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
  for (const [index, declarations] of all.entries()) {
    mkdirSync(join(folder, `${index}`));
    writeFileSync(join(folder, `${index}/types.d.ts`), declarations);
    writeFileSync(join(folder, `${index}/compare.ts`), COMPARISON);
  }
  const tsc = join(root, 'node_modules/.bin/tsc');
  const {stdout = ''} = await run(tsc, ['-p', '.', '--pretty', 'false'], {cwd: folder}).catch(
    (error) => error,
  );
  const found = all.map((): string[] => []);
  for (const error of String(stdout).trimEnd().split('\n')) {
    const [, index, line] = /^(\d+)\/compare\.ts\((\d+),/.exec(error) ?? [];
    const type = /theirs\.(\w+)>/.exec(COMPARISON.split('\n')[Number(line) - 1] ?? '')?.[1];
    found[Number(index ?? 0)]?.push(type ?? error);
  }
  expect(found).toEqual([[], ...CHANGES.map(({wrong}) => wrong)]);
});

it('every field that has a comment in the sources has it in the package, each its own', () => {
  const text = clientTypes();
  const before = (field: RegExp) => text.slice(0, text.search(field)).trimEnd().split('\n').at(-1)?.trim();
  // A name that occurs twice, a name of another file, and a description in place of a comment.
  expect(before(/^ {2}frames: number;\n {2}\/\*\* Frames that/m)).toBe(
    '/** Frames of the film; 0 until the project has said how many. */',
  );
  expect(before(/^ {4}gbSeconds/m)).toBe('/** Gigabytes of memory times seconds. */');
  expect(before(/^ {4}storageClass/m)).toBe('/** Storage class of the film. */');
  expect(text).not.toMatch(/import|zod/);
});
