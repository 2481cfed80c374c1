import {StringDecoder} from 'node:string_decoder';

/** Where a line of a log comes from. */
export interface LogSource {
  readonly functionName: string;
  /** One stream per execution environment, as in CloudWatch. */
  readonly logStreamName: string;
}

/** Takes every line of every log, without its line break. */
export type LogSink = (line: string, source: LogSource) => void;

/** Bytes of a log that a caller can ask for (Lambda API Reference, "Invoke", LogType: "the last 4 KB"). */
export const TAIL_BYTES = 4096;

/** The log of one execution environment: whole lines to the sink, the last 4 KB kept for the caller. */
export class Log {
  readonly #sink: LogSink;
  readonly #source: LogSource;
  readonly #partials: (() => void)[] = [];
  #tail = Buffer.alloc(0);

  constructor(sink: LogSink, source: LogSource) {
    this.#sink = sink;
    this.#source = source;
  }

  /** Adds one line. */
  line(text: string): void {
    this.#sink(text, this.#source);
    this.#tail = Buffer.concat([this.#tail, Buffer.from(`${text}\n`)]).subarray(-TAIL_BYTES);
  }

  /** Adds what `stream` says, line by line: two streams must not meet inside a line, nor inside a character. */
  follow(stream: NodeJS.ReadableStream): void {
    const decoder = new StringDecoder();
    let partial = '';
    stream.on('data', (chunk: Buffer) => {
      const lines = (partial + decoder.write(chunk)).split('\n');
      partial = lines.pop() ?? '';
      for (const line of lines) this.line(line);
    });
    this.#partials.push(() => {
      if (partial) this.line(partial);
      partial = '';
    });
  }

  /** Ends lines that were begun and not finished: an invocation's last words belong to it. */
  flush(): void {
    for (const flush of this.#partials) flush();
  }

  /** The last 4 KB since the last call, in base64 as the Invoke API sends them. */
  takeTail(): string {
    const tail = this.#tail.toString('base64');
    this.#tail = Buffer.alloc(0);
    return tail;
  }
}

/** Writes lines to standard error as they are. */
export const toStandardError: LogSink = (line) => void process.stderr.write(`${line}\n`);
