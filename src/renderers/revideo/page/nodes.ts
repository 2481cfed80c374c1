import {Media, Node, Rive, Video} from '@revideo/2d';
import {isPlaylist} from '../../../base/address.ts';
import {mendClock} from './media-clock.ts';

/** Private members of Revideo's `<Rive>`. */
interface RiveParts {
  time(): number;
  animationId(): number | string;
  rive(): Promise<{rive: unknown; artboard: unknown; animation: RiveAnimation}>;
  getAnimation(id: number | string, artboard: unknown, rive: unknown): RiveAnimation;
}
interface RiveAnimation {
  advance(seconds: number): void;
  delete(): void;
}

/** Private members of Revideo's `<Video>`. */
interface ClipParts {
  src(): string;
  seekFunction(): Promise<CanvasImageSource>;
  /** Takes the picture from the module that clip.ts stands in for. */
  webcodecSeekedVideo(): Promise<CanvasImageSource>;
}

/** Private members of Revideo's clips and sounds. */
interface MediaParts {
  lastTime: number;
  setCurrentTime(time: number): void;
}

const isStream = (clip: {src(): string}) => isPlaylist(new URL(clip.src(), location.origin));

/**
 * Mends Revideo's nodes. A frame must not depend on the frames drawn before it, or on a dev server, and a
 * change must stay audible.
 */
export function mendNodes(): void {
  mendClock();

  // Revideo draws a half transparent, filtered or cached node aside, and keeps that picture until a value
  // changes that it read. But its drawing is asynchronous, and values that it reads after the first wait go
  // unnoticed. So most changes inside of it are not seen, and a chunk shows another frame than the whole
  // film.
  const {render} = Node.prototype;
  Node.prototype.render = function (context) {
    (this as unknown as {cachedCanvas: {context: {markDirty(): void}}}).cachedCanvas.context.markDirty();
    return render.call(this, context);
  };

  // Whichever decoder a project names, the picture comes from clip.ts. Revideo's `ffmpeg` decoder asks a dev
  // server. Its `slow` one makes an element seek, which rounds and may not be ready yet. Only streams are
  // left to the element.
  const {seekFunction} = Video.prototype as unknown as ClipParts;
  Object.assign(Video.prototype, {
    async seekFunction(this: ClipParts) {
      return isStream(this) ? seekFunction.call(this) : this.webcodecSeekedVideo();
    },
  });

  // Revideo makes a sound's element seek with every frame, and waits for it. But no sound of an element is
  // recorded, and clips are drawn from another source. Only a stream's picture is the element's own.
  const {setCurrentTime} = Media.prototype as unknown as MediaParts;
  Object.assign(Media.prototype, {
    setCurrentTime(this: MediaParts, time: number) {
      if (this instanceof Video && isStream(this)) setCurrentTime.call(this, time);
      else this.lastTime = time;
    },
  });

  // Sets the volume of the browser's element, which is never recorded, and leaves the value of `getVolume`
  // for the sound track.
  const {setVolume} = Media.prototype;
  Media.prototype.setVolume = function (volume) {
    setVolume.call(this, volume);
    (this as unknown as {volume: number}).volume = Math.max(0, volume);
  };

  // Revideo moves it on by the time since the last drawn frame, whose rounding adds up. Here every frame gets
  // its own animation, moved from its start.
  const {draw} = Rive.prototype as unknown as {draw(context: CanvasRenderingContext2D): Promise<void>};
  Object.assign(Rive.prototype, {
    async draw(this: RiveParts, context: CanvasRenderingContext2D) {
      const parts = await this.rive();
      parts.animation.delete();
      parts.animation = this.getAnimation(this.animationId(), parts.artboard, parts.rive);
      const advance = parts.animation.advance.bind(parts.animation);
      parts.animation.advance = () => advance(this.time());
      await draw.call(this, context);
    },
  });
}
