import {StringDecoder} from 'node:string_decoder';
import {escapedText} from '../src/base/words.ts';

/** Where a line of a log comes from. */
export interface LogSource {
  readonly functionName: string;
  /** One stream per execution environment, as in CloudWatch. */
  readonly logStreamName: string;
}

/** Takes every line of every log, without its line break. */
export type LogSink = (line: string, source: LogSource) => void;

/** Bytes of a log that a caller can ask for (Lambda API Reference, "Invoke", LogType: "the last 4 KB"). */
const TAIL_BYTES = 4096;

/** Characters of a line at most; a longer one is split, so that no output fills the memory. */
const LONGEST = 256 * 1024;

/** The log of one execution environment: whole lines to the sink, the last 4 KB kept for the caller. */
export class Log {
  readonly #sink: LogSink;
  readonly #source: LogSource;
  readonly #partials: (() => void)[] = [];
  /** The last lines; cut to what a caller can ask for when there are many. */
  #tail: string[] = [];

  constructor(sink: LogSink, source: LogSource) {
    this.#sink = sink;
    this.#source = source;
  }

  /** Adds one line. */
  line(text: string): void {
    this.#sink(text, this.#source);
    this.#tail.push(`${text.slice(-TAIL_BYTES)}\n`);
    if (this.#tail.length > 2 * TAIL_BYTES) this.#tail = this.#tail.slice(-TAIL_BYTES);
  }

  /** Adds what `stream` says, line by line: two streams must not meet inside a line, nor inside a character. */
  follow(stream: NodeJS.ReadableStream): void {
    const decoder = new StringDecoder();
    // Joined once, at the line's end: a long line comes in many pieces.
    let partial: string[] = [];
    let length = 0;
    const end = () => {
      const line = partial.join('');
      partial = [];
      length = 0;
      return line;
    };
    stream.on('data', (chunk: Buffer) => {
      const [first = '', ...rest] = decoder.write(chunk).split('\n');
      partial.push(first);
      length += first.length;
      for (const next of rest) {
        this.line(end());
        partial.push(next);
        length = next.length;
      }
      if (length > LONGEST) this.line(end());
    });
    this.#partials.push(() => {
      if (length > 0) this.line(end());
    });
  }

  /** Ends lines that were begun and not finished: an invocation's last words belong to it. */
  flush(): void {
    for (const flush of this.#partials) flush();
  }

  /** The last 4 KB since the last call, in base64 as the Invoke API sends them. */
  takeTail(): string {
    const tail = Buffer.from(this.#tail.join('')).subarray(-TAIL_BYTES);
    this.#tail = [];
    return tail.toString('base64');
  }
}

/**
 * Writes lines to standard error. It escapes control characters, because films decide the functions' output.
 */
export const toStandardError: LogSink = (line) => void process.stderr.write(`${escapedText(line)}\n`);
