import type {InputTrack} from 'mediabunny';

/** Seconds by which picture and sound of one file may begin apart; a late one of a phone or a recorder is far below it. */
const BEGINNINGS = 2;
/**
 * The share of the longer track by which picture and sound of one file may end apart, but always at least
 * `seconds`.
 */
const ENDS = {part: 0.5, seconds: 10};

/** When a track's first packet begins and its last one ends, in seconds. */
interface Span {
  first: number;
  end: number;
}

/**
 * Compares the clocks of a file's picture and sound, as the container gives them.
 *
 * @returns what is odd, to go behind the file's name; undefined for a file of one kind, and for ordinary ones
 */
export async function compareClocks(tracks: readonly InputTrack[]): Promise<string | undefined> {
  const [picture, sound] = [
    tracks.find((track) => track.isVideoTrack()),
    tracks.find((track) => track.isAudioTrack()),
  ];
  return picture && sound && compareSpans(await spanOf(picture), await spanOf(sound));
}

const spanOf = async (track: InputTrack): Promise<Span> => ({
  first: await track.getFirstTimestamp(),
  end: await track.computeDuration(),
});

/** The same as `compareClocks`, for known spans. */
export function compareSpans(picture: Span, sound: Span): string | undefined {
  const show = (seconds: number) => `${Math.round(seconds * 100) / 100} s`;
  if (Math.abs(picture.first - sound.first) > BEGINNINGS)
    return `its picture begins at ${show(picture.first)}, its sound at ${show(sound.first)}`;
  const apart = Math.abs(picture.end - sound.end);
  if (apart > Math.max(ENDS.seconds, ENDS.part * Math.max(picture.end, sound.end)))
    return `its picture ends at ${show(picture.end)}, its sound at ${show(sound.end)}`;
  return undefined;
}
