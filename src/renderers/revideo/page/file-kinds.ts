/** The kind of a file, judged by its first bytes. */
export interface FileKind {
  /** With its article. */
  name: string;
  /** The medium it plays; undefined if it is neither a film nor a sound. */
  medium?: 'film' | 'sound';
  /** If it is not a medium: advice for the user. */
  advice?: string;
}

/** Bytes that are looked at. */
export const HEAD = 512;
const PAGE = 'look whether the address leads to a page about the file, or asks for a login';
const PICTURE = 'show it with <Img>';
const FILE = 'look whether the right file was uploaded';

/** How files begin, as Latin-1. */
const KINDS: readonly (FileKind & {begins: string | RegExp})[] = [
  {begins: /^RIFF....AVI /s, name: 'an AVI file', medium: 'film'},
  {begins: /^FLV/, name: 'a Flash video (FLV)', medium: 'film'},
  {begins: '0&\xb2u\x8ef\xcf\x11', name: 'a Windows Media file (WMV, WMA)', medium: 'film'},
  {begins: '\0\0\x01\xba', name: 'an MPEG program stream (.mpg, .vob)', medium: 'film'},
  {begins: '\0\0\x01\xb3', name: 'an MPEG-1 or MPEG-2 stream', medium: 'film'},
  {begins: /^\.RMF/, name: 'a RealMedia file', medium: 'film'},
  {begins: '\x06\x0e+4', name: 'an MXF file', medium: 'film'},
  {begins: /^FORM....AIF[FC]/s, name: 'an AIFF file', medium: 'sound'},
  {begins: /^caff/, name: 'a Core Audio file (CAF)', medium: 'sound'},
  {begins: '\x0bw', name: 'a Dolby Digital file (AC-3)', medium: 'sound'},
  {begins: /^#!AMR/, name: 'an AMR file', medium: 'sound'},
  {begins: /^MThd/, name: 'a MIDI file', medium: 'sound'},
  {begins: /^\x89PNG/, name: 'a PNG picture', advice: PICTURE},
  {begins: /^\xff\xd8\xff/, name: 'a JPEG picture', advice: PICTURE},
  {begins: /^GIF8/, name: 'a GIF', advice: `${PICTURE}, or turn it into a film: ffmpeg -i <file> <new>.mp4`},
  {begins: /^RIFF....WEBP/s, name: 'a WebP picture', advice: PICTURE},
  {begins: /^%PDF/, name: 'a PDF', advice: FILE},
  {begins: 'PK\x03\x04', name: 'a ZIP archive', advice: FILE},
  {
    begins: /^#EXTM3U/,
    name: 'a playlist',
    advice: 'give it a name that ends in .m3u8, or name the film itself',
  },
  {
    begins: /^version https:\/\/git-lfs/,
    name: 'a pointer of Git LFS',
    advice: 'fetch the file with: git lfs pull',
  },
  {
    begins: /^(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html|head|body|script)/i,
    name: 'an HTML page',
    advice: PAGE,
  },
  {begins: /^(?:\xef\xbb\xbf)?\s*<\?xml/, name: 'an XML text', advice: PAGE},
  {begins: /^(?:\xef\xbb\xbf)?\s*[{[]\s*["\]{}]/, name: 'a JSON text', advice: PAGE},
  {begins: /^$/, name: 'an empty file', advice: FILE},
  {
    begins: '\0\0\0\0\0\0\0\0',
    name: 'a file of zeros',
    advice: 'it was not written to its end; copy it again',
  },
];

/**
 * Finds the kind of a file by its first bytes; undefined if they match no kind that people use as a medium.
 */
export function sniff(head: Uint8Array): FileKind | undefined {
  const text = String.fromCharCode(...head.subarray(0, HEAD));
  return KINDS.find(({begins}) => (typeof begins === 'string' ? text.startsWith(begins) : begins.test(text)));
}
