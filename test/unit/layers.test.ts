import {readdirSync, readFileSync} from 'node:fs';
import {dirname, join, normalize} from 'node:path';
import {parseSync} from 'vite';
import {expect, it} from 'vitest';

/** The rooms of src/, from the top to the ground. Rooms of one line may not import each other. */
const FLOORS = [
  ['apps'],
  ['observers'],
  ['job'],
  ['engines', 'renderers', 'cost'],
  ['media', 'storage'],
  ['model'],
  ['base'],
];
const floorOf = (room: string) => FLOORS.findIndex((rooms) => rooms.includes(room));

const files = readdirSync('src', {recursive: true, encoding: 'utf8'}).filter((file) =>
  /\.(?:ts|mjs|js)$/.test(file),
);

/** The files that a file imports, exports from or loads on demand, types included, as paths below src/. */
function importsOf(file: string): string[] {
  const source = readFileSync(join('src', file), 'utf8');
  const {module, errors} = parseSync(file, source);
  expect(errors).toEqual([]);
  const named = [
    ...module.staticImports.map(({moduleRequest}) => moduleRequest.value),
    ...module.staticExports.flatMap(({entries}) =>
      entries.flatMap((entry) => entry.moduleRequest?.value ?? []),
    ),
    ...module.dynamicImports.map(({moduleRequest}) =>
      source.slice(moduleRequest.start, moduleRequest.end).replace(/^['"]|['"]$/g, ''),
    ),
  ];
  const own = named.filter((name) => name.startsWith('.'));
  return own.map((name) => normalize(join(dirname(file), name))).filter((path) => !path.startsWith('..'));
}

const graph = new Map(files.map((file) => [file, importsOf(file)]));
const roomOf = (file: string) => file.split('/')[0] ?? '';

it('src/ has no loose files, and only rooms that are known', () => {
  expect(files.filter((file) => floorOf(roomOf(file)) < 0)).toEqual([]);
  // An empty graph would pass everything.
  expect(files.length).toBeGreaterThan(200);
  expect([...graph.values()].flat().length).toBeGreaterThan(1_000);
});

it('a file imports from its own room or from a room below, types included', () => {
  const wrong = [...graph].flatMap(([file, imported]) =>
    imported
      .filter((path) => roomOf(path) !== roomOf(file) && floorOf(roomOf(path)) <= floorOf(roomOf(file)))
      .map((path) => `${file} -> ${path}`),
  );
  expect(wrong).toEqual([]);
});

it('no files import each other in a circle, types included', () => {
  const circles: string[] = [];
  const done = new Set<string>();
  const walk = (file: string, way: readonly string[]): void => {
    const at = way.indexOf(file);
    if (at >= 0) circles.push([...way.slice(at), file].join(' -> '));
    if (at >= 0 || done.has(file)) return;
    for (const next of graph.get(file) ?? []) walk(next, [...way, file]);
    done.add(file);
  };
  for (const file of files) walk(file, []);
  expect(circles).toEqual([]);
});
