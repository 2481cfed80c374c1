import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {readConfig} from '../src/apps/config.ts';
import {RenderError} from '../src/base/errors.ts';
import {measureChunks} from './chunks.ts';
import {measureCommands} from './commands.ts';
import {type FilmRow, measureFilms} from './films.ts';
import {keep} from './keep.ts';
import {describeMachine} from './machine.ts';
import {makeMedia} from './media.ts';
import {readOptions} from './options.ts';
import {measureQuality} from './quality.ts';
import {type QualityResults, qualityReport} from './quality-report.ts';
import {type Results, ratios, report} from './report.ts';
import {measureScale} from './scale/measure-scale.ts';
import {estimates, type ScaleResults, scaleReport} from './scale/scale-report.ts';
import {measureSegments, type SegmentResults, segmentReport} from './segments.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const PROJECTS = join(HERE, 'projects');

const {runs, workers, scenes, parts, scale} = readOptions(process.argv.slice(2));

const interrupt = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.once(name, () => interrupt.abort(new RenderError('Aborted', 'Stopped before the end.')));
}
const work = await mkdtemp(join(tmpdir(), 'revideo-lambda-bench-'));
try {
  const {cache} = readConfig();
  const {signal} = interrupt;
  const say = (line: string) => void process.stderr.write(`${line}\n`);
  const bench = {work, cache, projects: PROJECTS, runs, signal, say};
  const machine = await describeMachine(cache);
  await makeMedia(join(PROJECTS, 'clip/public'), signal);

  if (scale) {
    const results: ScaleResults = {machine, runs, ...(await measureScale(bench))};
    await finish('scale', {
      results: {scale: {...results, estimates: estimates(results.scenes)}},
      text: scaleReport(results),
    });
  }
  if (!scale && ['films', 'chunks', 'commands'].some((part) => parts.has(part as 'films'))) {
    // Those that are not measured now are not kept from before: their machine would be another one.
    const films = parts.has('films') ? ([] as FilmRow[]) : undefined;
    for (const name of films ? scenes : []) films?.push(...(await measureFilms(name, workers, bench)));
    const results: Results = {
      machine,
      runs,
      films,
      ratios: films && ratios(films),
      chunks: parts.has('chunks') ? await measureChunks(bench) : undefined,
      commands: parts.has('commands') ? await measureCommands(workers, bench) : undefined,
    };
    await finish('results', {results: {...results}, text: report(results)});
  }
  if (!scale && parts.has('quality')) {
    const results: QualityResults = {machine, runs, rows: await measureQuality(bench)};
    await finish('quality', {results: {quality: results}, text: qualityReport(results)});
  }
  if (!scale && parts.has('segments')) {
    const results: SegmentResults = {machine, runs, rows: await measureSegments(bench)};
    await finish('segments', {results: {segments: results}, text: segmentReport(results)});
  }
} finally {
  await rm(work, {recursive: true, force: true, maxRetries: 5});
}

async function finish(
  name: string,
  {results, text}: {results: Record<string, unknown>; text: string},
): Promise<void> {
  process.stdout.write(`${text}\n`);
  await keep(HERE, {results, report: {name, text}});
}
