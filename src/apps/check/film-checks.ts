import {type ErrorName, RenderError} from '../../base/errors.ts';
import {persist} from '../../base/persist.ts';
import {stopwatch} from '../../base/stopwatch.ts';
import {withWorkDirectory} from '../../base/work-directory.ts';
import {chunkPath, StoredSegments} from '../../job/chunks/stored-segments.ts';
import type {JobPorts} from '../../job/ports.ts';
import {mp4} from '../../media/formats/formats.ts';
import {joinFilm} from '../../media/join/join-film.ts';
import {makeSoundtrack} from '../../media/sound/soundtrack.ts';
import type {PartialRender} from '../../model/event.ts';
import {chunkPrefix, contentHash, runsPrefix} from '../../model/keys.ts';
import {ENCODINGS} from '../../model/quality.ts';
import type {Timeline} from '../../model/timeline.ts';
import {listAll} from '../../storage/list-all.ts';
import {type Check, tryOut} from './check.ts';

/** Frames of the film that is rendered to see that films can be. */
const FRAMES = 3;

interface FilmCheck {
  tools: JobPorts;
  /** Names the job that is tried. */
  id: string;
  signal: AbortSignal;
}

/**
 * Whether a film can be made. The project describes itself, and its first frames go the way of every film,
 * through a worker and the storage to a finished file. Nothing stays of it.
 */
export const filmChecks = ({tools, id, signal}: FilmCheck): Promise<Check[]> =>
  withWorkDirectory(async (directory) => {
    let variables: PartialRender['variables'];
    let timeline: Timeline | undefined;
    const project = await tryOut({
      name: 'browser, project',
      mend: 'Render the project with npm start on your machine; if it renders there, build the image again.',
      work: async () => {
        const own = (await tools.renderer.readVariables?.({signal}))?.own;
        // A variable that no project reads, so that nothing is found that was drawn before. The project keeps its own.
        variables = {...(own as PartialRender['variables']), 'revideo-lambda check': id};
        timeline = await tools.renderer.plan(variables, {directory, signal});
        const {frames, fps, size, revideo} = timeline;
        const by = revideo ? `, Revideo ${revideo}` : '';
        return `${frames} frames at ${fps} frames a second, ${size.width} x ${size.height}${by}`;
      },
    });
    if (!timeline) return [project];
    const {size, fps, frames} = timeline;
    const least = Math.min(FRAMES, frames);
    const few = {frames: least, segments: [least], fps, size};
    const film = await tryOut({
      name: 'three frames',
      mend: ({name}) => MEND[name] ?? "The function's log says more.",
      work: () => renderFew(few, {tools, jobId: `check-${id}`, variables, directory, signal}),
    });
    return [project, film];
  });

/** Advice by the error of the worker or of the way to it. */
const MEND: Partial<Record<ErrorName, string>> = {
  InvokeRefused: "Allow the function's role lambda:InvokeFunction on the function itself.",
  InvokeThrottled:
    'See that there is room for a second invocation beside the first: raise the concurrency, or wait.',
  InvokeLost: 'See that the function reaches Lambda: in a VPC, by a NAT gateway or an interface endpoint.',
  WorkerCrashed: 'Give the function more memory.',
  TimedOut: "Raise the function's time limit or its memory.",
};

interface FewFrames {
  tools: JobPorts;
  jobId: string;
  variables: PartialRender['variables'];
  directory: string;
  signal: AbortSignal;
}

async function renderFew(
  timeline: Omit<Timeline, 'sounds'>,
  {tools, jobId, variables, directory, signal}: FewFrames,
): Promise<string> {
  const {renderer, engine, storage} = tools;
  const clock = stopwatch();
  const [quality, frameHashes] = ['cheapest', false] as const;
  const fingerprint = await renderer.fingerprint({signal});
  const content = contentHash({fingerprint, variables, encoding: ENCODINGS[quality], frameHashes});
  const chunk = {start: 0, end: timeline.frames, segments: timeline.segments, content, run: 1};
  const order: PartialRender = {
    jobType: 'partialRender',
    jobId,
    workerId: 0,
    numWorkers: 1,
    attempt: 1,
    chunk,
    variables,
    variablesStored: false,
    frameHashes,
    quality,
  };
  try {
    await persist(() => engine.run(order, {}, {signal}), {signal});
    const drawing = clock.lap();
    const stored = new StoredSegments(content, {storage, signal});
    await stored.open();
    const {uses, missing} = stored.cover(chunk);
    if (missing)
      throw new RenderError(
        'ChunkMismatch',
        `The worker's frames are not in ${storage.bucket}: has it another bucket?`,
      );
    const file = await stored.fetch(uses, chunkPath(directory, chunk, 'check'));
    const locate = async (src: string) => src;
    const sound = await makeSoundtrack({...timeline, sounds: [], locate, directory, signal});
    const parts = {chunks: [file], soundtrack: sound.path, timeline, format: mp4, directory, signal};
    await joinFilm(parts);
    return `drawn by another invocation (${engine.name}) in ${drawing} s, joined and verified in ${clock.lap()} s`;
  } finally {
    const remove = async (prefix: string) =>
      storage.delete((await listAll(prefix, {storage})).map(({key}) => key));
    // The storage's own checks report a missing permission to list or delete; both folders age by themselves.
    await Promise.allSettled([chunkPrefix(content), runsPrefix(jobId)].map(remove));
  }
}
