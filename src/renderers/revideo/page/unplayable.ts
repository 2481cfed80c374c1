import type {Input, InputTrack} from 'mediabunny';
import {codecName, NAMED_CONTAINERS} from './codec-names.ts';
import {openBytes} from './file-bytes.ts';
import {HEAD, sniff} from './file-kinds.ts';
import {whyIncomplete} from './incomplete.ts';
import {openInput} from './open-input.ts';

const FILM = 'H.264 with AAC in MP4 works: ffmpeg -i <file> -c:v libx264 -pix_fmt yuv420p -c:a aac <new>.mp4';
const COPIED = 'MP4 works, and nothing has to be encoded anew: ffmpeg -i <file> -c copy <new>.mp4';
const SOUND = 'AAC, MP3, Opus, FLAC and WAV work: ffmpeg -i <file> -c:a aac sound.m4a';
/** For Apple ProRes 4444 and similar codecs. */
const SEE_THROUGH = ' (VP9 in WebM keeps transparency)';

/** The facts about an element that could not play a file. */
export interface Refused {
  /** The browser said that it can decode none of what the file holds. */
  noneSupported?: boolean;
}

/**
 * Why this browser cannot play a file: what the file is, in which codec, and what works.
 *
 * @param url as the project names it
 * @returns goes after "cannot be read: ", without a full stop; undefined where the file does not tell
 */
export async function whyUnplayable(
  url: string,
  {noneSupported = false}: Refused = {},
): Promise<string | undefined> {
  const file = await openBytes(url);
  const incomplete = file && (await whyIncomplete(file));
  if (incomplete) return incomplete;
  const input = openInput(url);
  try {
    return (await isKnown(input))
      ? await describeTracks(input, noneSupported)
      : describeKind(await file?.read(0, HEAD));
  } catch {
    // The reader understands no more than the browser.
    return undefined;
  } finally {
    input.dispose();
  }
}

const isKnown = (input: Input): Promise<boolean> => input.canRead().catch(() => false);

function describeKind(head: Uint8Array | undefined): string | undefined {
  const kind = head && sniff(head);
  if (!kind) return undefined;
  if (kind.medium)
    return `it is ${kind.name}, which this browser cannot play; ${kind.medium === 'film' ? FILM : SOUND}`;
  return `it is ${kind.name}, not a film or a sound; ${kind.advice}`;
}

async function describeTracks(input: Input, noneSupported: boolean): Promise<string | undefined> {
  const container = (await input.getFormat()).name;
  const tracks = await input.getTracks().catch(() => []);
  const [picture] = tracks.filter((track) => track.isVideoTrack());
  const [sound] = tracks.filter((track) => track.isAudioTrack());
  const isBad = async (track: InputTrack) => noneSupported || !(await track.canDecode().catch(() => false));
  if (picture && (await isBad(picture))) {
    const id = String(await picture.getInternalCodecId());
    const advice = /^ap4/.test(id) ? FILM + SEE_THROUGH : FILM;
    return `its picture is ${codecName(await picture.getCodec(), id)}, which this browser cannot decode; ${advice}`;
  }
  if (!picture && sound && (await isBad(sound))) {
    const name = codecName(await sound.getCodec(), String(await sound.getInternalCodecId()));
    return `its sound is ${name}, which this browser cannot decode; ${SOUND}`;
  }
  const named = NAMED_CONTAINERS.get(container);
  if (named) return `it is ${named}, which this browser cannot play; ${picture ? COPIED : SOUND}`;
  // A recorder or an upload writes them at the end; a file that states its length was found before.
  if (tracks.length === 0)
    return `it has no index of pictures and sounds; it was not written to its end, or is damaged`;
  return undefined;
}
