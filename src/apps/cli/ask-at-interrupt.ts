import {readFileSync} from 'node:fs';
import {EXIT} from './exit.ts';

/** A possible answer at Ctrl+C. */
export interface Choice {
  /** A letter of `words`, in lower case. */
  key: string;
  /** Says what happens: `stop and keep the chunks`. */
  words: string;
  /** The action; nothing where the job continues. */
  act?: () => void;
}

/** The part of a terminal's input that is needed here. */
export type Keyboard = Pick<NodeJS.ReadStream, 'setRawMode' | 'on' | 'off' | 'resume' | 'pause'> & {
  isTTY?: boolean;
};

interface AskOptions {
  choices: readonly Choice[];
  /** Shows what is asked; undefined when it is answered. */
  show: (question: string | undefined) => void;
  input?: Keyboard;
  /** Whether a person sees the question and can answer it. */
  isAnswered?: (() => boolean) | undefined;
  /** Leaves at once. */
  leave?: () => void;
  /** Stops this program as Ctrl+Z does, until it is continued. */
  suspend?: () => void;
}

const [CTRL_C, CTRL_Z] = ['\u0003', '\u001a'];

/**
 * Makes Ctrl+C ask about the job's future, once; a second one leaves. Meanwhile the terminal passes keys on
 * unchanged. Its own Ctrl+C would also end the browsers and the ffmpeg that still draw while the user thinks.
 * Where there is no terminal in front, nothing is changed: a signal ends the program.
 *
 * @returns ends the asking and gives the terminal back
 */
export function askAtInterrupt({
  choices,
  show,
  input = process.stdin,
  isAnswered = () => process.stderr.isTTY && isInFront(),
  leave = () => process.exit(EXIT.interrupted),
  suspend = () => process.kill(0, 'SIGTSTP'),
}: AskOptions): () => void {
  if (!input.isTTY || !isAnswered()) return () => {};
  let state: 'idle' | 'asking' | 'answered' = 'idle';
  const onKey = (key: string) => {
    if (key === CTRL_C) {
      if (state !== 'idle') return leave();
      state = 'asking';
      return show(questionOf(choices));
    }
    if (key === CTRL_Z) {
      input.setRawMode(false);
      return suspend();
    }
    if (state !== 'asking') return;
    const chosen = choices.find((choice) => choice.key === key.toLowerCase());
    if (!chosen) return;
    // After an answer there is no second question: the next Ctrl+C leaves.
    state = chosen.act ? 'answered' : 'idle';
    show(undefined);
    chosen.act?.();
  };
  const onData = (data: Buffer | string) => {
    for (const key of String(data)) onKey(key);
  };
  const onContinue = () => {
    if (isInFront()) input.setRawMode(true);
  };
  input.setRawMode(true);
  input.on('data', onData);
  input.resume();
  process.on('SIGCONT', onContinue);
  return () => {
    process.off('SIGCONT', onContinue);
    input.off('data', onData);
    input.setRawMode(false);
    // A terminal that is read keeps the program alive.
    input.pause();
  };
}

/** Such as `Ctrl+C: [s]top and keep the chunks, [c]ancel for good or [g]o on?` */
export function questionOf(choices: readonly Choice[]): string {
  const shown = choices.map(({key, words}) => words.replace(key, `[${key}]`));
  return `Ctrl+C: ${new Intl.ListFormat('en-GB', {type: 'disjunction'}).format(shown)}?`;
}

/** Whether this program has the terminal. One in the background that changes the terminal's settings is stopped by it. */
function isInFront(): boolean {
  try {
    // proc_pid_stat(5): behind the name in brackets, 3rd the process group, 6th the terminal's foreground group.
    const fields = readFileSync('/proc/self/stat', 'latin1').split(') ').at(-1)?.split(' ') ?? [];
    return fields[2] === fields[5];
  } catch {
    // No /proc: not Linux. A user who starts this in the background there must redirect its input.
    return true;
  }
}
