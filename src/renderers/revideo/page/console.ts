import {LINE_CHARACTERS, type SceneLine} from '../../../model/scene-line.ts';
import {inWords} from './in-words.ts';

declare global {
  interface Window {
    /** Given by Node: the project's code has written something. */
    reportLine?: (line: SceneLine) => Promise<void>;
  }
}

/** Lines that one document tells at most: a project may write one for each pixel. */
const MOST_LINES = 500;

const LEVELS = {
  debug: 'debug',
  log: 'info',
  info: 'info',
  warn: 'warn',
  error: 'error',
  trace: 'debug',
} as const;

/** Frames whose lines are reported, and the film's position. */
interface ReportedFrames {
  position: () => {scene: string; frame: number};
  start: number;
  end: number;
}

let reported: ReportedFrames | undefined;
/** Lines that the project's code wrote while it was loaded; the first report takes them. */
const atLoad: SceneLine[] = [];
let isLoading = true;
/** A frame that is played again, for a font that came late, says the same again. */
const said = new Set<string>();

/** The text that Revideo's logger, which also writes to the console, puts before a message. */
const OF_LOGGER = / from browser process:$/;

/** Notes what is written to the console from now on, and by that to Revideo's logger. To be called before the project's own code runs. */
export function watchConsole(): void {
  for (const [name, level] of Object.entries(LEVELS) as [keyof typeof LEVELS, SceneLine['level']][]) {
    const write = console[name].bind(console);
    console[name] = (...given: unknown[]) => {
      const own = OF_LOGGER.test(String(given[0]).slice(0, 50)) ? given.slice(1) : given;
      note(level, () => own.map((value) => inWords(value, LINE_CHARACTERS)).join(' '));
      write(...given);
    };
  }
}

/** Tells what was written while the project's code was loaded. */
export function tellLoaded(): void {
  isLoading = false;
  for (const line of atLoad.splice(0)) tell(line);
}

/**
 * From now on, reports lines that are written in frames `[start, end)`. Counting the frames, or playing
 * earlier ones, writes the same lines again; the chunk that draws them reports them.
 */
export function tellFrames(frames: ReportedFrames): void {
  isLoading = false;
  reported = frames;
}

function note(level: SceneLine['level'], words: () => string): void {
  if (isLoading) {
    if (atLoad.length < MOST_LINES) atLoad.push({level, text: words()});
    return;
  }
  if (!reported) return;
  const {scene, frame} = reported.position();
  if (frame >= reported.start && frame < reported.end) tell({level, text: words(), scene, frame});
}

function tell(line: SceneLine): void {
  const key = JSON.stringify(line);
  if (said.size > MOST_LINES || said.has(key)) return;
  said.add(key);
  const last = `The project has written ${MOST_LINES} lines here; what it writes after them is left out.`;
  void window.reportLine?.(said.size > MOST_LINES ? {...line, level: 'warn', text: last} : line);
}
