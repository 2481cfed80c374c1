import {styleText} from 'node:util';
import type {ChunkState, Progress} from '../../../model/progress.ts';

/** A chunk as the display shows it; `retried` is done, but took more than one try. */
type CellState = ChunkState | 'retried';
type Cell = Progress['cells'][number];

/** The look of each state, which differs without colour too. */
const LOOKS: Record<CellState, {mark: string; colour: Parameters<typeof styleText>[0]; word: string}> = {
  done: {mark: '█', colour: 'green', word: 'done'},
  retried: {mark: '▒', colour: 'yellow', word: 'done after retries'},
  reused: {mark: '=', colour: 'cyan', word: 'reused'},
  uploading: {mark: '↑', colour: 'magenta', word: 'uploading'},
  drawing: {mark: '▄', colour: 'blue', word: 'drawing'},
  starting: {mark: '○', colour: 'blue', word: 'starting'},
  retrying: {mark: '!', colour: 'red', word: 'to be tried again'},
  waiting: {mark: '·', colour: 'gray', word: 'waiting'},
};
const STATES = Object.keys(LOOKS) as CellState[];
/** How much of a chunk is drawn. */
const LEVELS = '▁▂▃▄▅▆▇';

/** The size of a display. */
export interface Room {
  /** Columns, at least 1. */
  width: number;
  /** Lines, at least 1. */
  height: number;
  colour: boolean;
}

/** Cells in lines that fit, and how many chunks each stands for. */
export interface CellLines {
  lines: string[];
  /** Chunks in one cell; the last may have fewer. */
  each: number;
}

/** One cell for each chunk, or where there is no room for that many, for as few neighbours as possible. */
export function cellLines(cells: readonly Cell[], {width, height, colour}: Room): CellLines {
  // Rows of whole tens can be counted.
  const columns = width > 10 ? width - (width % 10) : width;
  const each = Math.max(1, Math.ceil(cells.length / (columns * height)));
  const marks: string[] = [];
  for (let start = 0; start < cells.length; start += each)
    marks.push(drawCell(cells.slice(start, start + each), colour));
  const lines: string[] = [];
  for (let start = 0; start < marks.length; start += columns)
    lines.push(marks.slice(start, start + columns).join(''));
  return {lines, each};
}

/** How many chunks are in each state: the cells' legend too. Empty without chunks. */
export function legend(cells: readonly Cell[], colour: boolean): string[] {
  const states = cells.map(stateOf);
  return STATES.flatMap((state) => {
    const count = states.filter((other) => other === state).length;
    const {mark, word} = LOOKS[state];
    return count > 0 ? [`${paint(mark, state, colour)} ${count} ${word}`] : [];
  });
}

const stateOf = ({state, attempts}: Cell): CellState =>
  state === 'done' && attempts > 1 ? 'retried' : state;

function drawCell(chunks: readonly Cell[], colour: boolean): string {
  const states = chunks.map(stateOf);
  const isOver = (state: CellState) => state === 'done' || state === 'reused' || state === 'retried';
  // Chunks with trouble always show; after them, running ones.
  const shown =
    states.find((state) => state === 'retrying') ??
    (states.every(isOver) ? states.find((state) => state !== 'reused') : undefined) ??
    (states.every((state) => state === states[0]) ? states[0] : undefined) ??
    states.find((state) => state === 'drawing' || state === 'uploading') ??
    (states.some(isOver) ? 'drawing' : 'starting');
  if (shown !== 'drawing') return paint(LOOKS[shown].mark, shown, colour);
  const frames = chunks.reduce((sum, chunk) => sum + chunk.frames, 0);
  const drawn = chunks.reduce(
    (sum, chunk) => sum + (isOver(stateOf(chunk)) ? chunk.frames : chunk.framesDrawn),
    0,
  );
  const level = Math.floor((drawn / Math.max(1, frames)) * LEVELS.length);
  return paint(LEVELS[Math.min(level, LEVELS.length - 1)] as string, shown, colour);
}

const paint = (mark: string, state: CellState, colour: boolean): string =>
  colour ? styleText(LOOKS[state].colour, mark, {validateStream: false}) : mark;
