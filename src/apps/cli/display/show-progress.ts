import {createLogUpdate} from 'log-update';
import {shownText} from '../../../base/words.ts';
import type {Progress} from '../../../model/progress.ts';
import {errorLine} from './error-line.ts';
import {progressLine, progressLines, type View} from './lines.ts';
import {rateMeter} from './rate.ts';

/** Milliseconds between two plain lines where there is no terminal to draw on, and between two pictures on one. */
const [LINE_EVERY, DRAW_EVERY] = [2_000, 100];

/** Shows how far a job is, on standard error. */
export interface Display {
  show(progress: Progress): void;
  /** A line that stays, above the picture. */
  note(line: string): void;
  /** Shows a line that was asked for, also where progress is not shown. */
  say(line: string): void;
  /** A problem that does not stop the job: a line that stays, also where it is `quiet`. Each is shown once. */
  warn(message: string): void;
  /** Puts something to be answered below it; undefined takes it away. */
  ask(question: string | undefined): void;
  /** Leaves the last state standing and the cursor below it. */
  stop(): void;
}

/**
 * A live picture on a terminal, a plain line every two seconds elsewhere; `quiet` leaves only permanent
 * lines.
 */
export function showProgress({
  stream = process.stderr,
  quiet = false,
}: {
  stream?: NodeJS.WriteStream;
  quiet?: boolean | undefined;
} = {}): Display {
  const draw = stream.isTTY && !quiet ? createLogUpdate(stream) : undefined;
  const meter = rateMeter();
  let progress: Progress | undefined;
  let question: string | undefined;
  let [received, shown] = [performance.now(), -Infinity];
  let [lastLine, lastError] = ['', ''];
  let stopped = false;
  const warned = new Set<string>();

  const view = (): View | undefined => {
    if (!progress) return undefined;
    const isOver = progress.phase === 'done' || progress.phase === 'failed' || progress.phase === 'cancelled';
    // Time passes also where there is no news.
    const silent = isOver ? 0 : (performance.now() - received) / 1000;
    const {secondsLeft} = progress;
    return {
      question,
      rate: meter.rate(performance.now()),
      progress: {
        ...progress,
        elapsedSeconds: progress.elapsedSeconds + silent,
        ...(secondsLeft !== undefined && {secondsLeft: Math.max(0, secondsLeft - silent)}),
      },
    };
  };
  const update = (important: boolean) => {
    const now = view();
    if (!now || quiet || stopped) return;
    if (!important && performance.now() - shown < (draw ? DRAW_EVERY : LINE_EVERY)) return;
    shown = performance.now();
    if (draw) {
      const colour = stream.hasColors?.() ?? false;
      // The cursor stands on a line of its own below.
      const room = {
        width: Math.max(1, stream.columns || 80),
        height: Math.max(1, (stream.rows || 24) - 1),
        colour,
      };
      draw(progressLines(now, room).join('\n'));
      return;
    }
    const line = progressLine(now);
    if (line !== lastLine) stream.write(`${line}\n`);
    lastLine = line;
  };
  /** The picture shows the last of them; a log keeps each. */
  const tellError = ({errors}: Progress) => {
    // The command itself reports the job's own failure.
    const error = errors.findLast(({chunk}) => chunk !== undefined);
    const line = error ? errorLine(error) : '';
    if (line && line !== lastError && !draw && !quiet) stream.write(`${line}\n`);
    lastError = line;
  };
  // Phases without news of their own still show that time passes, and what came too soon after the last picture.
  const tick = setInterval(() => update(false), draw ? 250 : 1_000).unref();
  const resized = () => update(true);
  if (draw) stream.on('resize', resized);

  const say = (text: string) => {
    const line = shownText(text);
    if (draw) draw.persist(line);
    else stream.write(`${line}\n`);
    update(true);
  };

  return {
    show(next) {
      const important = next.phase !== progress?.phase;
      progress = next;
      received = performance.now();
      meter.add(next, received);
      tellError(next);
      update(important);
    },
    note(text) {
      const line = shownText(text);
      if (draw) draw.persist(line);
      else if (!quiet) stream.write(`${line}\n`);
      update(true);
    },
    say,
    warn(message) {
      if (warned.has(message)) return;
      warned.add(message);
      say(`Warning: ${message}`);
    },
    ask(text) {
      question = text;
      update(true);
    },
    stop() {
      if (stopped) return;
      question = undefined;
      if (draw) update(true);
      stopped = true;
      clearInterval(tick);
      stream.off('resize', resized);
      draw?.done();
    },
  };
}
