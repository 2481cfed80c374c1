/** By what containers call them (four characters in MP4 and MOV, `V_…` and `A_…` in Matroska). */
const BY_ID: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/^ap(4h|4x|ch|cn|cs|co)$|^V_PRORES/, 'Apple ProRes'],
  [/^(hvc1|hev1)$|^V_MPEGH/, 'HEVC (H.265)'],
  [/^(dvh1|dvhe)$/, 'Dolby Vision (H.265)'],
  [/^(vvc1|vvi1)$/, 'VVC (H.266)'],
  [/^mp4v$|^V_MPEG4\/ISO\/(SP|ASP|AP)$/, 'MPEG-4 Part 2 (DivX, Xvid)'],
  [/^V_MPEG[12]$/, 'MPEG-1 or MPEG-2'],
  [/^(jpeg|mjpa|mjpb)$|^V_MJPEG$/, 'Motion JPEG'],
  [/^AVd[nh]$/i, 'Avid DNxHD'],
  [/^(CFHD|icod)$/, 'an editing codec'],
  [/^(s263|h263)$/i, 'H.263'],
  [/^alac$|^A_ALAC$/, 'Apple Lossless (ALAC)'],
  [/^ac-3$|^A_AC3/, 'Dolby Digital (AC-3)'],
  [/^ec-3$|^A_EAC3$/, 'Dolby Digital Plus (E-AC-3)'],
  [/^dts[a-z-]$|^A_DTS/, 'DTS'],
  [/^samr$|^sawb$/, 'AMR'],
  [/^A_TRUEHD$/, 'Dolby TrueHD'],
];

/** A codec as people call it, with the container's own name for it where that tells more. */
export function codecName(codec: string | null, id: string): string {
  const [, name] = BY_ID.find(([pattern]) => pattern.test(id)) ?? [];
  // Some containers have a number there, or bytes.
  const shown = /^[\w/. -]{2,30}$/.test(id) ? ` ("${id}")` : '';
  if (name) return `${name}${shown}`;
  return codec === null ? `in an unknown codec${shown}` : `${codec.toUpperCase()}${shown}`;
}

/** Containers that can be read but not by a browser's player, as the reader names them. */
export const NAMED_CONTAINERS: ReadonlyMap<string, string> = new Map([
  ['MPEG Transport Stream', 'an MPEG transport stream (.ts)'],
]);
