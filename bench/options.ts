import {Command, InvalidArgumentError, Option} from 'commander';

/** The parts of the benchmark besides Revideo, and the cost and result of each quality. */
export const PARTS = ['films', 'chunks', 'commands', 'quality', 'segments'] as const;
export type Part = (typeof PARTS)[number];

/** The options of the benchmark's command line. */
export interface Options {
  runs: number;
  workers: number[];
  scenes: string[];
  parts: Set<Part>;
  /** Fit what chunks cost and extrapolate it to Lambda, and nothing else. */
  scale: boolean;
}

const SCENES = ['clip', 'shapes'];

/** Reads a command line; says what is wrong with it and ends the process, or shows the help. */
export function readOptions(argv: readonly string[]): Options {
  const command = new Command('npm run bench --')
    .usage('[options]')
    .description("Measures this renderer beside Revideo's own flow, or by itself. Linux only.")
    .option('--runs <n>', 'runs of each, of which the median is shown', whole, 3)
    .option('--workers <list>', 'numbers of workers', list(whole), [1, 4, 25])
    .addOption(
      new Option('--scene <name>', 'which film is compared').choices([...SCENES, 'all']).default('all'),
    )
    .option('--parts <list>', PARTS.join(', '), list(part), [...PARTS])
    .addOption(
      new Option(
        '--scale',
        'fit what chunks cost, and what films would take and cost on Lambda; nothing else',
      ).conflicts(['parts', 'scene', 'workers']),
    )
    .option('--quick', 'one run of each')
    .showHelpAfterError('(--help shows all options)')
    .parse(argv, {from: 'user'});
  const {runs, workers, scene, parts, scale, quick} = command.opts<{
    runs: number;
    workers: number[];
    scene: string;
    parts: Part[];
    scale?: boolean;
    quick?: boolean;
  }>();
  return {
    runs: quick ? 1 : runs,
    workers,
    scenes: scene === 'all' ? SCENES : [scene],
    parts: new Set(parts),
    scale: scale ?? false,
  };
}

const list =
  <T>(read: (text: string) => T) =>
  (text: string): T[] =>
    text.split(',').map((item) => read(item.trim()));

function whole(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 1000) return value;
  throw new InvalidArgumentError('It takes whole numbers from 1 to 1000.');
}

function part(text: string): Part {
  const known = PARTS.find((name) => name === text);
  if (known) return known;
  throw new InvalidArgumentError(`${JSON.stringify(text)} is not one of ${PARTS.join(', ')}.`);
}
