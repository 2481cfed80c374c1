import {createLogUpdate} from 'log-update';
import type {JobEvent} from '../job-tools.ts';

/** Milliseconds between two plain lines where there is no terminal to draw on. */
const LINE_EVERY = 2_000;
const BAR = 30;

/** Shows how far a job is, on standard error. */
export interface Progress {
  show(event: JobEvent): void;
  /** Leaves the last state standing and the cursor below it. */
  stop(): void;
}

/** A live bar on a terminal, a plain line every two seconds elsewhere. */
export function showProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  const draw = stream.isTTY ? createLogUpdate(stream) : undefined;
  const began = performance.now();
  const drawn = new Map<number, number>();
  let drawingSince = began;
  let frames = 0;
  let workers = 0;
  let done = 0;
  let phase = '';
  let lastLine = '';
  let lastAt = -Infinity;

  const text = () => {
    const now = performance.now();
    const seconds = Math.floor((now - began) / 1000);
    if (phase === 'planning') return `planning (compiling the project, starting the browser)  ${seconds} s`;
    if (phase === 'waiting')
      return `waiting for another run of this job (if it has died, that is known after 12 s)  ${seconds} s`;
    if (phase !== 'rendering') return `${phase}  ${seconds} s`;
    const count = [...drawn.values()].reduce((sum, n) => sum + n, 0);
    const ratio = count / frames;
    const bar = draw ? `${'█'.repeat(Math.round(ratio * BAR)).padEnd(BAR, '░')} ` : '';
    const left = Math.ceil(((now - drawingSince) / 1000 / ratio) * (1 - ratio));
    const rest = ratio > 0.05 ? `, about ${left} s left` : '';
    return `rendering ${bar}${Math.floor(ratio * 100)} %  ${count} of ${frames} frames, ${done} of ${workers} chunks, ${seconds} s${rest}`;
  };
  const update = (important: boolean) => {
    if (!phase) return;
    if (draw) return draw(text());
    if (!important && performance.now() - lastAt < LINE_EVERY) return;
    const line = text();
    if (line !== lastLine) stream.write(`${line}\n`);
    lastLine = line;
    lastAt = performance.now();
  };
  /** A line that stays. */
  const note = (line: string) => {
    draw?.clear();
    stream.write(`${line}\n`);
  };
  // Phases without news of their own still show that time passes.
  const tick = setInterval(() => update(false), 1_000).unref();

  return {
    show(event) {
      if (event.state === 'rendering') {
        frames = event.timeline.frames;
        workers = event.workers;
        drawingSince = performance.now();
      } else if (event.state === 'drawing') drawn.set(event.workerId, event.frames);
      else if (event.state === 'done') {
        drawn.set(event.workerId, event.frames);
        done++;
      }
      if (event.state === 'retrying') {
        const {workerId, attempt, error} = event;
        note(`chunk ${workerId + 1}, try ${attempt}, after ${error.name}: ${error.message.split('\n')[0]}`);
      }
      const inChunk = 'workerId' in event || event.state === 'throttled';
      if (!inChunk) phase = event.state;
      update(!inChunk);
    },
    stop() {
      clearInterval(tick);
      draw?.done();
    },
  };
}
