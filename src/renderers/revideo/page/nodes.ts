import {Media, Node, Rive, Video} from '@revideo/2d';
import {isPlaylist} from '../../../base/address.ts';
import {mendClock} from './media-clock.ts';

/** What Revideo's `<Rive>` keeps to itself. */
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

/** What Revideo's `<Video>` keeps to itself. */
interface ClipParts {
  src(): string;
  seekFunction(): Promise<CanvasImageSource>;
  /** Takes the picture from the module that clip.ts stands in for. */
  webcodecSeekedVideo(): Promise<CanvasImageSource>;
}

/** What Revideo's clips and sounds keep to themselves. */
interface MediaParts {
  lastTime: number;
  setCurrentTime(time: number): void;
}

const isStream = (clip: {src(): string}) => isPlaylist(new URL(clip.src(), location.origin));

/**
 * Mends what makes a frame of Revideo's nodes depend on the frames drawn before it, or on a dev server,
 * and what keeps a change from being heard.
 */
export function mendNodes(): void {
  mendClock();

  // A node that is drawn aside (half transparent, filtered, cached, ...) keeps that picture until something
  // changes that it looked at; but its drawing is asynchronous, and what it looks at after the first wait goes
  // unnoticed. So most changes inside of it are not seen, and a chunk shows another frame than the whole film.
  const {render} = Node.prototype;
  Node.prototype.render = function (context) {
    (this as unknown as {cachedCanvas: {context: {markDirty(): void}}}).cachedCanvas.context.markDirty();
    return render.call(this, context);
  };

  // Whichever decoder a project names, the picture comes from clip.ts: Revideo's `ffmpeg` asks a dev server, and
  // `slow` has an element seek, which rounds and may not be there yet. Only streams are left to the element.
  const {seekFunction} = Video.prototype as unknown as ClipParts;
  Object.assign(Video.prototype, {
    async seekFunction(this: ClipParts) {
      return isStream(this) ? seekFunction.call(this) : this.webcodecSeekedVideo();
    },
  });

  // Revideo has a sound's element seek with every frame, and waits for it; nobody hears it, and clips are seen from
  // elsewhere. Only a stream's picture is the element's own.
  const {setCurrentTime} = Media.prototype as unknown as MediaParts;
  Object.assign(Media.prototype, {
    setCurrentTime(this: MediaParts, time: number) {
      if (this instanceof Video && isStream(this)) setCurrentTime.call(this, time);
      else this.lastTime = time;
    },
  });

  // Sets the volume of the browser's element, which nobody hears, and leaves what `getVolume` tells the sound track.
  const {setVolume} = Media.prototype;
  Media.prototype.setVolume = function (volume) {
    setVolume.call(this, volume);
    (this as unknown as {volume: number}).volume = Math.max(0, volume);
  };

  // Moved on by what has passed since the frame drawn before, whose rounding adds up: an animation of its own
  // for every frame, moved from its start.
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
