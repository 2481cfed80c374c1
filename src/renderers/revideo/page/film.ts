import {
  endScene,
  type FullSceneDescription,
  getFullRenderingSettings,
  PlaybackManager,
  PlaybackState,
  PlaybackStatus,
  type Project,
  type Scene,
  SharedWebGLContext,
  Stage,
  startScene,
  type Vector2,
} from '@revideo/core';
import type {ProjectVariables} from '../../../model/timeline.ts';
import {checkSettings} from './check-settings.ts';
import {settleFonts} from './fonts.ts';
import {mendNodes} from './nodes.ts';
import {onlyJson} from './only-json.ts';
import {reseed} from './random.ts';
import {checkLength, endless, endlessFonts, FONT_ROUNDS, lastingScenes} from './scene-lengths.ts';

/** Frames a second in which Revideo asks a project for its length, whatever its own rate. */
const ASKED_RATE = 30;

mendNodes();

/**
 * Plays a project frame by frame, the way Revideo's own `Renderer` does, but without its exporters, its three
 * recalculations a render, and its swallowed errors.
 *
 * Frames are counted from the first frame of the project's range.
 */
export class Film {
  readonly fps: number;
  readonly stage = new Stage();
  readonly #project: Project;
  readonly #onStep: () => void;
  readonly #maxFrames: number;
  readonly #playback = new PlaybackManager();
  readonly #size: Vector2;
  readonly #scale: number;
  readonly #range: readonly [number, number];
  /** Scenes that have no length too. */
  readonly #all: Scene[];
  /** The variables that scenes have asked for so far, by name, with the scenes' defaults. */
  readonly #asked = new Map<string, unknown>();
  #first = 0;
  #last = 0;
  /** The scene that began last. While scenes are counted, `currentScene` stays the film's first one. */
  #begun: Scene | undefined;

  /** @param onStep called for every frame that is counted or played */
  constructor(
    project: Project,
    {variables, maxFrames}: {variables?: Record<string, unknown> | undefined; maxFrames: number},
    onStep: () => void,
  ) {
    const settings = getFullRenderingSettings(project);
    checkSettings(settings);
    this.#project = project;
    this.#onStep = onStep;
    this.#maxFrames = maxFrames;
    this.#size = settings.size;
    this.#scale = settings.resolutionScale;
    this.#range = settings.range;
    this.fps = settings.fps;
    // As Revideo's own renderer does it: given ones replace the project's as a whole.
    if (variables) project.variables = variables;
    this.stage.configure(settings);
    this.#playback.fps = settings.fps;
    this.#playback.state = PlaybackState.Rendering;
    this.#reseedWithFrame();
    this.#all = this.#scenes();
    this.#playback.setup(this.#all);
  }

  /** Pixels of a frame. */
  get size(): {width: number; height: number} {
    return {width: this.stage.finalBuffer.width, height: this.stage.finalBuffer.height};
  }

  /** Number of frames; known after `count`. */
  get frames(): number {
    return this.#last - this.#first + 1;
  }

  /** The project's own variables, and what else was asked for so far. */
  get variables(): ProjectVariables {
    const own = this.#project.variables ?? {};
    const asked = [...this.#asked].filter(([name]) => !Object.hasOwn(own, name));
    return {own: onlyJson(Object.entries(own)), asked: onlyJson(asked)};
  }

  /** Which of the given variables nothing has asked for so far, and which names are known. */
  given(ownNames: readonly string[]): {unasked: string[]; known: string[]} {
    const known = [...new Set([...this.#asked.keys(), ...ownNames])];
    const unasked = Object.keys(this.#project.variables ?? {}).filter((name) => !known.includes(name));
    return {unasked, known};
  }

  /** The scene that is playing, and the frame within it: what an error message needs. */
  get position(): {scene: string; frame: number} {
    return {scene: this.#begun?.name ?? '', frame: this.#playback.frame - this.#first};
  }

  /**
   * Finds the first and the last frame as Revideo's own render does. Begin and end of the range are rounded
   * up to thirtieths of a second, whatever the film's rate. An open end is where the film would end at that
   * rate.
   */
  async count(): Promise<void> {
    await settleFonts();
    // A project may measure a text to decide how long a scene is; until its font is loaded, the measure is
    // wrong.
    let news: string[] = [];
    for (let round = 0; round < FONT_ROUNDS; round++) {
      await this.#countOnce();
      news = await settleFonts();
      if (news.length === 0) return;
    }
    throw endlessFonts(news);
  }

  async #countOnce(): Promise<void> {
    const [begin, end] = this.#range;
    const thirtieths = Number.isFinite(end) ? Math.ceil(end * ASKED_RATE) : await this.#measure(ASKED_RATE);
    const duration =
      this.fps === ASKED_RATE && !Number.isFinite(end) ? thirtieths : await this.#measure(this.fps);
    const toFrames = (thirtieths: number) => Math.ceil((thirtieths / ASKED_RATE) * this.fps);
    this.#first = toFrames(Math.ceil(begin * ASKED_RATE));
    // Revideo draws the frame at the end of the range too: a film of 180 frame steps has 181 frames.
    this.#last = Math.min(duration, toFrames(thirtieths));
    if (this.#last < this.#first) throw new Error(`The project's range starts at ${begin} s, after its end.`);
  }

  /** Plays everything once without drawing, which is how Revideo learns where each scene begins and ends. */
  async #measure(fps: number): Promise<number> {
    this.#playback.fps = fps;
    this.#playback.setup(this.#all);
    for (const scene of this.#all) {
      scene.reload({size: this.#size, resolutionScale: this.#scale});
      scene.variables.updateSignals(this.#project.variables ?? {});
    }
    await this.#playback.recalculate();
    this.#playback.setup(lastingScenes(this.#all));
    await this.#playback.reset();
    return this.#playback.duration;
  }

  /**
   * Goes to a frame by playing everything before it, undrawn. Scenes are not skipped, because the next one
   * may use what they left behind: a canvas that still shows them, or a shared variable.
   */
  async seek(frame: number): Promise<void> {
    await this.#playback.reset();
    while (this.#playback.frame < this.#first + frame) await this.step();
  }

  /** Plays on by one frame. */
  async step(): Promise<void> {
    reseed(2 * (this.#playback.frame + 1));
    const {currentScene: scene} = this.#playback;
    await this.#playback.progress();
    checkLength(scene, this.#playback);
  }

  /** Draws the frame that is due onto `stage.finalBuffer`. */
  async draw(): Promise<void> {
    await this.#drawOnce();
    // The first text that uses a font asks for it, and is then measured and drawn in another one. All before is played
    // again: the frame has to be as it is in a chunk that has its fonts from the start.
    let news = await settleFonts();
    for (let round = 0; news.length > 0; round++) {
      if (round === FONT_ROUNDS) throw endlessFonts(news);
      await this.seek(this.#playback.frame - this.#first);
      await this.#drawOnce();
      news = await settleFonts();
    }
  }

  async #drawOnce(): Promise<void> {
    const {currentScene, previousScene} = this.#playback;
    // Within a scene Revideo logs what a computed property throws; outside of one it only tells the console.
    startScene(currentScene);
    try {
      reseed(2 * this.#playback.frame + 1);
      await this.stage.render(currentScene, previousScene);
    } finally {
      endScene(currentScene);
    }
  }

  /** The scene that is playing. */
  get scene(): Scene {
    return this.#playback.currentScene;
  }

  /** The numbers of a frame are the same when it is counted and when it is played: they may decide how long a scene is. */
  #reseedWithFrame(): void {
    let current = this.#playback.frame;
    Object.defineProperty(this.#playback, 'frame', {
      get: () => current,
      set: (frame: number) => {
        current = frame;
        reseed(2 * frame);
        this.#onStep();
        if (frame > this.#maxFrames) throw endless(this.#maxFrames);
      },
    });
  }

  /** Notes that a scene begins, and what it asks for; the first default of a name is the one that is shown. */
  #listen(scene: Scene): void {
    scene.onReset.subscribe(() => {
      this.#begun = scene;
    });
    const {variables} = scene;
    const get = variables.get.bind(variables);
    variables.get = (name, initial) => {
      if (!this.#asked.has(name)) this.#asked.set(name, initial);
      return get(name, initial);
    };
  }

  #scenes(): Scene[] {
    const sharedWebGLContext = new SharedWebGLContext(this.#project.logger);
    const playback = new PlaybackStatus(this.#playback);
    return this.#project.scenes.map((description) => {
      const full = {
        ...description,
        playback,
        logger: this.#project.logger,
        size: this.#size,
        resolutionScale: this.#scale,
        sharedWebGLContext,
        experimentalFeatures: this.#project.experimentalFeatures,
      };
      const scene = new description.klass(full as FullSceneDescription<unknown> as never) as Scene;
      this.#listen(scene);
      return scene;
    });
  }
}
