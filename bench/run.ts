import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {Command, Option} from 'commander';
import {readConfig} from '../src/config.ts';
import {RenderError} from '../src/errors.ts';
import {measureChunks} from './chunks.ts';
import {measureCommands} from './commands.ts';
import {type FilmRow, measureFilms} from './films.ts';
import {describeMachine} from './machine.ts';
import {makeMedia} from './media.ts';
import {type Results, ratios, report} from './report.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const PROJECTS = join(HERE, 'projects');
/** Between these lines of the README the last report is kept. */
const MARKS = ['<!-- results -->', '<!-- /results -->'] as const;

const {runs, workers, scene, parts, quick} = new Command('bench')
  .description("Measures this renderer beside Revideo's own flow. Linux only.")
  .option('--runs <n>', 'runs of each, of which the median is shown', '3')
  .option('--workers <list>', 'numbers of workers', '1,4,25')
  .addOption(new Option('--scene <name>', 'which film').choices(['clip', 'shapes', 'all']).default('all'))
  .option('--parts <list>', 'films, chunks, commands', 'films,chunks,commands')
  .option('--quick', 'one run of each')
  .parse()
  .opts<{runs: string; workers: string; scene: string; parts: string; quick?: boolean}>();

const interrupt = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.once(name, () => interrupt.abort(new RenderError('Aborted', 'Stopped before the end.')));
}
const counts = workers.split(',').map((text) => whole('workers', text));
const work = await mkdtemp(join(tmpdir(), 'revideo-lambda-bench-'));
try {
  const {cache} = readConfig();
  const {signal} = interrupt;
  const say = (line: string) => void process.stderr.write(`${line}\n`);
  const bench = {work, cache, projects: PROJECTS, runs: quick ? 1 : whole('runs', runs), signal, say};
  const wanted = new Set(parts.split(','));

  const results: Results = {machine: await describeMachine(cache), runs: bench.runs};
  await makeMedia(join(PROJECTS, 'clip/public'), signal);
  if (wanted.has('films')) {
    const films: FilmRow[] = [];
    for (const name of scene === 'all' ? ['clip', 'shapes'] : [scene]) {
      films.push(...(await measureFilms(name, counts, bench)));
    }
    Object.assign(results, {films, ratios: ratios(films)});
  }
  if (wanted.has('chunks')) results.chunks = await measureChunks(bench);
  if (wanted.has('commands')) results.commands = await measureCommands(counts, bench);

  const text = report(results);
  process.stdout.write(`${text}\n`);
  await writeFile(join(HERE, 'results.json'), `${JSON.stringify(results, null, 2)}\n`);
  await keepInReadme(text);
} finally {
  await rm(work, {recursive: true, force: true, maxRetries: 5});
}

async function keepInReadme(text: string): Promise<void> {
  const path = join(HERE, 'README.md');
  const readme = await readFile(path, 'utf8');
  const [before = '', rest = ''] = readme.split(MARKS[0]);
  await writeFile(path, `${before}${MARKS[0]}\n\n${text}\n\n${MARKS[1]}${rest.split(MARKS[1])[1] ?? ''}`);
}

function whole(option: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 1000) return value;
  throw new RenderError(
    'BadSetting',
    `--${option} is ${JSON.stringify(text)}; it takes whole numbers from 1 to 1000.`,
  );
}
