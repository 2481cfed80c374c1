import {readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {parseSync} from 'vite';
import {z} from 'zod';
import {FullRender} from './src/model/event.ts';
import {Progress} from './src/model/progress.ts';
import {FullResult} from './src/model/result.ts';

/** A node of a parsed file, as far as it is read here. */
interface Node {
  type: string;
  start: number;
  end: number;
  [field: string]: unknown;
}

/** A parsed file: its text, the ends of its doc comments with their starts, and its declarations by name. */
interface Source {
  text: string;
  docs: ReadonlyMap<number, number>;
  declared: ReadonlyMap<string, Node>;
}

/** The files with the schemas and interfaces of the client's types. */
const FILES = [
  'model/bill',
  'model/event',
  'model/progress',
  'model/result',
  'job/cancel-job',
  'job/job-status',
];

/** A field whose schema is a check of its own, which has no shape at run time. A test compares these types too. */
const CHECKED: Readonly<Record<string, string>> = {
  variables: 'Record<string, unknown>',
  'webhook.customData': 'unknown',
};

/** The client's name of each type that an interface mentions. */
const NAMES: Readonly<Record<string, string>> = {
  JobStatus: 'RenderStatus',
  Progress: 'RenderProgress',
  FullResult: 'RenderResult',
};

/**
 * The declarations of `src/apps/client/types.ts` without imports, for programs that have neither zod nor these
 * sources. Shapes come from the schemas, comments from their sources.
 *
 * @throws if a schema has a part that this cannot print
 */
export function clientTypes(): string {
  const sources = FILES.map(read);
  const schemas = {
    RenderRequest: ['FullRender', FullRender, 'A film to render.'],
    RenderResult: ['FullResult', FullResult, 'A finished film.'],
    RenderProgress: ['Progress', Progress, 'How far a render is.'],
  } as const;
  return [
    ...Object.entries(schemas).map(([name, [own, schema, doc]]) => {
      const {properties, required = []} = z.toJSONSchema(schema, {io: 'input', unrepresentable: 'any'});
      // The client adds the kind of event itself.
      const needed = required.filter((field) => field !== 'jobType');
      const body = printObject({properties, required: needed}, {path: '', docs: docsOf(own, sources)});
      return `/** ${doc} */\nexport interface ${name} ${body}\n`;
    }),
    ...['JobStatus', 'CancelResult'].map((name) => copyInterface(name, sources)),
  ].join('\n');
}

type Schema = z.core.JSONSchema.BaseSchema;
/** Where a part stands in its type, fields joined by dots, and the comments of all parts by these paths. */
interface Place {
  path: string;
  docs: ReadonlyMap<string, string>;
}

function print(schema: Schema, place: Place): string {
  const {type, const: only, enum: names, anyOf, items} = schema;
  const custom = CHECKED[place.path];
  if (custom) return custom;
  if (only !== undefined) return JSON.stringify(only);
  if (names) return names.map((name) => JSON.stringify(name)).join(' | ');
  if (anyOf) return anyOf.map((one) => print(one as Schema, place)).join(' | ');
  if (type === 'array') return `Array<${print(items as Schema, place)}>`;
  if (type === 'object' && schema.properties) return printObject(schema, place);
  if (type === 'integer' || type === 'number') return 'number';
  if (type === 'string' || type === 'boolean') return type;
  throw new Error(`The client's type of ${place.path} cannot be printed: ${JSON.stringify(schema)}`);
}

function printObject({properties = {}, required = []}: Schema, {path, docs}: Place): string {
  const fields = Object.entries(properties).map(([name, field]) => {
    const inner = path ? `${path}.${name}` : name;
    const {description} = field as Schema;
    const doc = docs.get(inner) ?? (description && `/** ${description} */`);
    const type = print(field as Schema, {path: inner, docs});
    const line = required.includes(name) ? `${name}: ${type};` : `${name}?: ${type} | undefined;`;
    return doc ? `${doc}\n${line}` : line;
  });
  return `{\n${fields.join('\n').replace(/^/gm, '  ')}\n}`;
}

/** The comments of a schema's fields, by path, those of schemas that it refers to included. */
function docsOf(name: string, sources: readonly Source[]): Map<string, string> {
  const found = new Map<string, string>();
  const visit = (part: unknown, source: Source, path: string): void => {
    if (Array.isArray(part)) for (const one of part) visit(one, source, path);
    if (!isNode(part)) return;
    const named = part.type === 'Identifier' ? declarationOf(String(part.name), sources) : undefined;
    if (named) visit(named.node.init, named.source, path);
    // The name of a method is no reference.
    else if (part.type === 'MemberExpression') visit(part.object, source, path);
    else if (part.type === 'Property') {
      const {key, value} = part as Node & {key: Node; value: Node};
      const inner = path ? `${path}.${key.name}` : String(key.name);
      const doc = docBefore(part, source);
      if (doc) found.set(inner, doc);
      visit(value, source, inner);
    } else for (const child of Object.values(part)) visit(child, source, path);
  };
  const {node, source} = find(name, sources);
  visit(node.init, source, '');
  return found;
}

/** An interface as its source has it, with the client's names. */
function copyInterface(name: string, sources: readonly Source[]): string {
  const {node, source} = find(name, sources);
  const text = source.text.slice(node.start, node.end);
  const named = text.replace(/(?<=\?: |interface )\w+\b/g, (own) => NAMES[own] ?? own);
  return `${docBefore(node, source)}\nexport ${named}\n`;
}

/** The doc comment in front of a part, with its lines indented by the comment alone. */
function docBefore({start}: Node, {text, docs}: Source): string | undefined {
  const end = text.slice(0, start).replace(/(\s|\bexport\b)*$/, '').length;
  const from = docs.get(end);
  return from === undefined ? undefined : text.slice(from, end).replace(/^ +(?=\*)/gm, ' ');
}

const isNode = (part: unknown): part is Node => typeof (part as Node | null)?.type === 'string';

function declarationOf(name: string, sources: readonly Source[]): {node: Node; source: Source} | undefined {
  const source = sources.find(({declared}) => declared.has(name));
  const node = source?.declared.get(name);
  return source && node && {node, source};
}

function find(name: string, sources: readonly Source[]): {node: Node; source: Source} {
  const found = declarationOf(name, sources);
  if (!found) throw new Error(`${name} is not declared in ${FILES.join(', ')}.`);
  return found;
}

function read(file: string): Source {
  const path = fileURLToPath(new URL(`src/${file}.ts`, import.meta.url));
  const text = readFileSync(path, 'utf8');
  const {program, comments} = parseSync(path, text);
  const declared = new Map<string, Node>();
  for (const statement of program.body as unknown as Node[]) {
    const declaration = (statement.declaration ?? statement) as Node & {
      declarations?: Node[];
      id?: {name: string};
    };
    // A schema and its type have one name: the schema counts.
    if (declaration.type === 'TSInterfaceDeclaration') declared.set(declaration.id?.name ?? '', declaration);
    for (const one of declaration.declarations ?? []) declared.set((one.id as {name: string}).name, one);
  }
  const docs = comments
    .filter(({value}) => value.startsWith('*'))
    .map(({start, end}) => [end, start] as const);
  return {text, docs: new Map(docs), declared};
}
