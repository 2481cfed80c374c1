import {digitsOf, dollars} from '../../base/words.ts';
import type {Point} from '../../cost/curve.ts';
import {KNEE_MOST} from '../../cost/estimate.ts';
import {columns} from './columns.ts';
import type {FilmEstimate} from './film-estimate.ts';

/** Characters of the longest bar. */
const BAR = 24;
/** A bar's last character: eighths of one. */
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** The time and cost of a film, for people: a table with bars for each size of memory. */
export function curveLines(answer: FilmEstimate): string[] {
  const {frames, quality, architecture, prices, chosen, curves} = answer;
  const possible = curves.flatMap(({points}) => points).filter((point) => point.possible);
  // The same scale for all sizes of memory, so that they can be compared.
  const longest = Math.max(0, ...possible.map(({wall}) => wall));
  const dearest = Math.max(0, ...possible.map(({dollars}) => dollars));
  const digits = digitsOf(Math.min(dearest, ...possible.map(({dollars}) => dollars)));

  const row = (point: Point, knee: number): string[] => {
    const workers = String(point.workers);
    if (!point.possible) return [workers, '', `not possible: ${point.reason}`];
    const {wall, dollars: cost} = point;
    return [
      ...[workers, `${wall.toFixed(1)} s`, bar(wall / longest)],
      ...[dollars(cost, digits), bar(cost / dearest)],
      point.workers === knee ? '◀ knee' : '',
    ];
  };
  return [
    `${frames} frames in the quality ${quality}, on ${architecture}, at AWS's prices of ${prices.date} for ${prices.region}:`,
    ...curves.flatMap(({memoryMb, knee, points, past}) => [
      '',
      `${memoryMb} MB, ${pastText(past)}`,
      ...columns([
        ['workers', 'seconds', '', 'cost', '', ''],
        ...points.map((point) => row(point, knee)),
      ]).map((line) => `  ${line}`),
    ]),
    '',
    `Knee: the fewest workers with which the film takes at most 10 % longer than with any number up to ${KNEE_MOST}.`,
    `An event that names no numWorkers gets ${chosen}, by the film's length and quality alone.`,
  ];
}

function pastText({jobs, chunks}: {jobs: number; chunks: number}): string {
  if (chunks === 0) return 'no past jobs: from defaults';
  return `from ${chunks} ${chunks === 1 ? 'chunk' : 'chunks'} of ${jobs} past ${jobs === 1 ? 'job' : 'jobs'}`;
}

function bar(share: number): string {
  const eighths = Math.max(1, Math.round(share * BAR * 8));
  return `${'█'.repeat(Math.floor(eighths / 8))}${EIGHTHS[eighths % 8]}`;
}
