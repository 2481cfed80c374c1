import {styleText} from 'node:util';
import sliceAnsi from 'slice-ansi';
import stringWidth from 'string-width';
import {dollars, duration} from '../../../base/words.ts';
import type {Progress} from '../../../model/progress.ts';
import {cellLines, legend, type Room} from './cells.ts';
import {errorLine} from './error-line.ts';

/** The known state at a moment. */
export interface View {
  progress: Progress;
  /** Recent frames a second; left out while unknown. */
  rate?: number | undefined;
  /** Something to answer, below all else. */
  question?: string | undefined;
}

/** The name of each phase, and its task if that does not count frames. */
const PHASES: Record<Progress['phase'], {word: string; more?: string}> = {
  planning: {word: 'planning', more: 'compiling the project, starting the browser'},
  rendering: {word: 'rendering'},
  merging: {word: 'merging', more: 'joining chunks and sound'},
  publishing: {word: 'publishing', more: 'storing the film'},
  done: {word: 'finished'},
  failed: {word: 'failed'},
  cancelled: {word: 'cancelled'},
};

/** Columns of the film's bar at most, and below which there is none. */
const [BAR_MOST, BAR_LEAST] = [50, 10];

/** Lines that an error may take. */
const ERROR_LINES = 3;

/** A job as lines for a terminal: never wider than it, and never more than fit. */
export function progressLines(view: View, room: Room): string[] {
  const {progress, question} = view;
  const {cells, errors} = progress;
  // The command itself reports the job's own failure.
  const last = errors.findLast(({chunk}) => chunk !== undefined);
  const facts = wrap(factsOf(view), '  ', room);
  const counts = wrap(legend(cells, room.colour), '  ', room);
  const error = last ? wrap(errorLine(last).split(' '), ' ', room).slice(0, ERROR_LINES) : [];
  const asked = question ? wrap(question.split(' '), ' ', room) : [];
  // A question is what nothing may push off; the cells take what is left.
  const fixed = 1 + facts.length + counts.length + error.length + asked.length + 1;
  const height = room.height - fixed;
  const grid = cells.length > 0 && height > 0 ? cellLines(cells, {...room, height}) : {lines: [], each: 1};
  const note = grid.each > 1 ? [paint('gray', `each mark is ${grid.each} chunks`, room)] : [];
  const lines = [
    barLine(view, room),
    ...facts,
    ...grid.lines,
    ...note,
    ...counts,
    ...error.map((line) => paint('red', line, room)),
  ];
  const most = Math.max(0, room.height - asked.length);
  return [...lines.slice(0, most), ...asked].slice(-room.height).map((line) => shorten(line, room));
}

/** A job as one line of a log. */
export function progressLine(view: View): string {
  const {phase, frames, framesDrawn, chunks, chunksDone, elapsedSeconds} = view.progress;
  const {word, more} = PHASES[phase];
  if (phase !== 'rendering') return `${word}${more ? ` (${more})` : ''}  ${duration(elapsedSeconds)}`;
  const parts = [
    `${wholePercent(view.progress)} %`,
    `${framesDrawn} of ${frames} frames, ${chunksDone} of ${chunks} chunks`,
    ...factsOf(view).slice(1),
  ];
  return `${word} ${parts.join(', ')}`;
}

function barLine({progress}: View, room: Room): string {
  const {phase, frames} = progress;
  const {word, more} = PHASES[phase];
  if (frames === 0 || phase === 'failed' || phase === 'cancelled')
    return `${word}${more ? ` (${more})` : ''}`;
  const [before, after] = [`${word.padEnd(10)} `, ` ${String(wholePercent(progress)).padStart(3)} %`];
  const columns = Math.min(BAR_MOST, room.width - before.length - after.length);
  if (columns < BAR_LEAST) return `${word}${after}`;
  const filled = Math.round((columns * wholePercent(progress)) / 100);
  const rest = paint('gray', '░'.repeat(columns - filled), room);
  return `${before}${paint('green', '█'.repeat(filled), room)}${rest}${after}`;
}

/** Whole percent; 100 only for all of it. */
const wholePercent = ({phase, frames, framesDrawn}: Progress): number =>
  phase === 'done' ? 100 : Math.floor((Math.min(framesDrawn, frames) / Math.max(1, frames)) * 100);

function factsOf({progress, rate}: View): string[] {
  const {phase, frames, framesDrawn, elapsedSeconds, cost} = progress;
  const isRendering = phase === 'rendering';
  const left = progress.secondsLeft ?? (rate && rate > 0 ? (frames - framesDrawn) / rate : undefined);
  return [
    ...(frames > 0 ? [`${framesDrawn} of ${frames} frames`] : []),
    ...(isRendering && rate !== undefined && rate > 0 ? [`${rate.toFixed(1)} frames/s`] : []),
    duration(elapsedSeconds),
    ...(isRendering && left !== undefined ? [`about ${duration(left)} left`] : []),
    ...(cost !== undefined ? [dollars(cost)] : []),
  ];
}

/** Words in as few lines as hold them. */
function wrap(words: readonly string[], between: string, {width}: Room): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const longer = lines.length > 0 ? `${lines.at(-1)}${between}${word}` : undefined;
    if (longer !== undefined && stringWidth(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

const shorten = (line: string, {width}: Room): string =>
  stringWidth(line) <= width ? line : `${sliceAnsi(line, 0, width - 1)}…`;

const paint = (colour: 'green' | 'gray' | 'red', text: string, room: Room): string =>
  room.colour && text ? styleText(colour, text, {validateStream: false}) : text;
