import '../../src/renderers/revideo/page/hooks.ts';
import {
  endScene,
  getFullRenderingSettings,
  type PlaybackManager,
  type Project,
  Renderer,
  type Stage,
  startScene,
  WasmExporter,
} from '@revideo/core';
import {guarded, listenForFailures, type PageFailure} from '../../src/renderers/revideo/page/failures.ts';

declare global {
  interface Window {
    onRenderComplete(): Promise<void>;
    onRenderFailed(message: string): Promise<void>;
    browserError?: unknown;
  }
}

/** renderPartialVideo waits for the page first; a browser that is closed meanwhile is all it then reports. */
const loaded = new Promise<void>((resolve) => {
  addEventListener('load', () => setTimeout(resolve), {once: true});
});

async function fail(failure: PageFailure): Promise<void> {
  await loaded;
  await window.onRenderFailed(JSON.stringify(failure));
}

// This is loaded before the project, whose own code may fail already then.
const failedOnLoad = ({message}: ErrorEvent) => void fail({kind: 'scene', message});
addEventListener('error', failedOnLoad);

/**
 * Stands in for `render` of `@revideo/renderer/lib/client/render`: draws frames `[start, end)` of the
 * project's range, two at least.
 *
 * The original cuts the film in thirtieths of a second, whatever its rate. So at 60 frames a second no chunk
 * can begin with an odd frame. It also reports a film as complete although some frames could not be drawn.
 */
export async function render(
  project: Project,
  _workerId: number,
  _numWorkers: number,
  hiddenFolderId: string,
  {
    chunk,
    variables,
    mediaTimeout,
  }: {chunk: {start: number; end: number}; variables: string; mediaTimeout: number},
): Promise<void> {
  removeEventListener('error', failedOnLoad);
  // It would end everything with the bare message, before the frame is known.
  delete window.browserError;
  listenForFailures(project);
  project.variables = JSON.parse(decodeURIComponent(variables)) ?? project.variables;

  const settings = getFullRenderingSettings(project);
  // Where Revideo's own begins: at the next thirtieth of a second.
  const first = Math.ceil((Math.ceil(settings.range[0] * 30) / 30) * settings.fps);
  // Half a frame early: Revideo rounds up, and lands on the frame whatever the division leaves.
  const seconds = (frame: number) => (first + frame - 0.5) / settings.fps;
  const range: [number, number] = [seconds(chunk.start), seconds(chunk.end - 1)];
  const renderer = new Renderer(project);
  const {playback, stage} = renderer as unknown as {playback: PlaybackManager; stage: Stage};
  reportWhatIsDrawn(stage);
  uploadAfterSound();

  const position = () => ({scene: playback.currentScene.name, frame: playback.frame - first});
  const answer = await guarded({position, mediaTimeout}, () =>
    renderer.render({...settings, name: project.name, hiddenFolderId, range}),
  );
  if ('failure' in answer) return fail(answer.failure);
  await loaded;
  await window.onRenderComplete();
}

/**
 * The exporter uploads the picture into a folder that the request for the sound creates, but does not wait
 * for that request. In a chunk of a few frames the picture comes first, and is lost.
 */
function uploadAfterSound(): void {
  const {generateAudio, stop} = WasmExporter.prototype;
  let sound: Promise<void> | undefined;
  WasmExporter.prototype.generateAudio = function (...request) {
    // The film's sound is made elsewhere, once; of this one nothing is needed but its folder.
    const [, ...range] = request;
    sound = generateAudio.apply(this, [[], ...range]);
    return sound;
  };
  WasmExporter.prototype.stop = async function () {
    // The renderer checks the sound itself.
    await sound?.catch(() => {});
    await stop.call(this);
  };
}

/**
 * Revideo logs the error of a computed property within a scene only; outside a scene only the console has it.
 */
function reportWhatIsDrawn(stage: Stage): void {
  const draw = stage.render.bind(stage);
  stage.render = async (scene, previous) => {
    startScene(scene);
    try {
      await draw(scene, previous);
    } finally {
      endScene(scene);
    }
  };
}
