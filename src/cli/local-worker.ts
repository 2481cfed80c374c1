import workerpool from 'workerpool';
import {compose} from '../compose.ts';
import {readConfig} from '../config.ts';
import type {LocalAnswer} from '../engines/local.ts';
import {toPayload} from '../errors.ts';
import type {PartialRender} from '../event.ts';
import {renderChunk} from '../render-chunk.ts';
import type {OnSceneLine} from '../scene-line.ts';

// Standard output belongs to the result of the program that started us; workerpool has no setting for that.
process.stdout.write = process.stderr.write.bind(process.stderr) as typeof process.stdout.write;

/** A worker process of the local engine: the same chunk as on Lambda, with events and answers over IPC. */
const config = readConfig();
const onLine: OnSceneLine = (line) => workerpool.workerEmit(line);
const tools = compose({...config, project: config.project ?? '.', onLine});
const {signal} = new AbortController();

workerpool.worker(
  {
    async renderChunk(event: PartialRender): Promise<LocalAnswer> {
      try {
        const onFrames = (drawn: number) => workerpool.workerEmit(drawn);
        return {result: await renderChunk(event, tools, {signal, onFrames})};
      } catch (error) {
        return {error: toPayload(error)};
      }
    },
  },
  {onTerminate: () => tools.renderer.close()},
);
