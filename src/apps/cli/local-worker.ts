import workerpool from 'workerpool';
import {toPayload} from '../../base/errors.ts';
import type {LocalAnswer} from '../../engines/local/local.ts';
import {renderChunk} from '../../job/render-chunk.ts';
import type {PartialRender} from '../../model/event.ts';
import type {OnSceneLine} from '../../model/scene-line.ts';
import {retryingStorage} from '../../storage/retrying-storage.ts';
import {compose} from '../compose.ts';
import {readConfig} from '../config.ts';

// Standard output belongs to the result of the program that started us; workerpool has no setting for that.
process.stdout.write = process.stderr.write.bind(process.stderr) as typeof process.stdout.write;

/** A worker process of the local engine: the same chunk as on Lambda, with events and answers over IPC. */
const config = readConfig();
const onLine: OnSceneLine = (line) => workerpool.workerEmit(line);
const tools = compose({...config, project: config.project ?? '.', onLine});
const worker = {renderer: tools.renderer, storage: retryingStorage(tools.storage)};
const {signal} = new AbortController();

workerpool.worker(
  {
    async renderChunk(event: PartialRender): Promise<LocalAnswer> {
      try {
        const onFrames = (drawn: number) => workerpool.workerEmit(drawn);
        return {result: await renderChunk(event, worker, {signal, onFrames})};
      } catch (error) {
        return {error: toPayload(error)};
      }
    },
  },
  {onTerminate: () => tools.renderer.close()},
);
