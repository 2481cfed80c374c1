import {
  ALL_FORMATS,
  EncodedPacketSink,
  FilePathSource,
  Input,
  type InputAudioTrack,
  type InputVideoTrack,
} from 'mediabunny';
import {RenderError} from '../base/errors.ts';
import {fpsToRational} from '../model/frame-rate.ts';
import type {Timeline} from '../model/timeline.ts';

/** A finished film and what it should be. */
export interface FilmCheck {
  path: string;
  timeline: Pick<Timeline, 'frames' | 'fps' | 'size'>;
  /** Whether it should have a sound track. */
  sound: boolean;
}

/** An AAC frame's length in seconds, at the films' 48 kHz: sound can only end on such a border. */
const AAC_FRAME = 1024 / 48_000;
const METADATA_ONLY = {metadataOnly: true};

/**
 * Reads a finished film's index with other code than the writer's, and compares it with the plan. The film
 * must have the planned size and exactly the planned frames, from 0 on, the first one a keyframe. All are
 * equally long, to half a tick of the film's clock. The sound starts at 0 and is as long as the picture, to
 * an AAC frame. Never loads more than the index and the first frame.
 *
 * Rejects with `FilmMismatch`, which says what was expected and what was found.
 */
export async function verifyFilm({path, timeline, sound}: FilmCheck): Promise<void> {
  using input = openFilm(path);
  if (!(await input.canRead())) throw mismatch('a film', 'a file of another kind', path);
  const picture = await input.getPrimaryVideoTrack();
  if (!picture) throw mismatch('a picture track', 'none', path);
  await verifyPicture(picture, {path, timeline});
  const track = await input.getPrimaryAudioTrack();
  if (sound !== Boolean(track))
    throw mismatch(sound ? 'a sound track' : 'no sound track', sound ? 'none' : 'one', path);
  if (track) await verifySound(track, {path, timeline});
}

/** How long a film shows its last frame, in seconds; 0 if it has none. */
export async function lastFrameSeconds(path: string): Promise<number> {
  using input = openFilm(path);
  const picture = await input.getPrimaryVideoTrack();
  const last =
    picture && (await new EncodedPacketSink(picture).getPacket(Number.POSITIVE_INFINITY, METADATA_ONLY));
  return last?.duration ?? 0;
}

const openFilm = (path: string) => new Input({source: new FilePathSource(path), formats: ALL_FORMATS});

type TrackCheck = Omit<FilmCheck, 'sound'>;

async function verifyPicture(track: InputVideoTrack, {path, timeline}: TrackCheck): Promise<void> {
  const {frames, size} = timeline;
  const [width, height] = [await track.getCodedWidth(), await track.getCodedHeight()];
  if (width !== size.width || height !== size.height) {
    throw mismatch(`${size.width}x${size.height} pixels`, `${width}x${height}`, path);
  }
  const sink = new EncodedPacketSink(track);
  const first = await sink.getFirstPacket({verifyKeyPackets: true});
  if (first && first.type !== 'key') throw mismatch('a keyframe first', `a ${first.type} frame`, path);

  const {numerator, denominator} = fpsToRational(timeline.fps);
  const halfTick = 0.5 / (await track.getTimeResolution());
  const differ = (a: number, b: number) => Math.abs(a - b) > halfTick;
  let count = 0;
  for await (const {timestamp, duration} of sink.packets(undefined, undefined, METADATA_ONLY)) {
    const start = (count * denominator) / numerator;
    if (differ(timestamp, start))
      throw mismatch(`frame ${count} at ${start} s`, `it at ${timestamp} s`, path);
    const length = denominator / numerator;
    if (differ(duration, length)) throw mismatch(`frame ${count} to last ${length} s`, `${duration} s`, path);
    count += 1;
  }
  if (count !== frames) throw mismatch(`${frames} frames`, `${count}`, path);
}

async function verifySound(track: InputAudioTrack, {path, timeline}: TrackCheck): Promise<void> {
  const sink = new EncodedPacketSink(track);
  const first = await sink.getFirstPacket(METADATA_ONLY);
  const last = await sink.getPacket(Number.POSITIVE_INFINITY, METADATA_ONLY);
  if (!first || !last) throw mismatch('sound', 'an empty sound track', path);
  // An encoder's padding before the first sample, up to three frames, lies before 0 and is not played.
  const tick = 1 / (await track.getTimeResolution());
  if (first.timestamp > tick || first.timestamp < -3 * AAC_FRAME - tick) {
    throw mismatch('sound from 0 s on', `its first packet at ${first.timestamp} s`, path);
  }
  const length = timeline.frames / timeline.fps;
  const end = last.timestamp + last.duration;
  if (Math.abs(end - length) > AAC_FRAME + tick) throw mismatch(`${length} s of sound`, `${end} s`, path);
}

function mismatch(expected: string, found: string, path: string): RenderError {
  return new RenderError(
    'FilmMismatch',
    `The finished film is not what was planned: expected ${expected}, found ${found} (${path}). It was not published.`,
  );
}
