/** Types of an Annex B stream's NAL units (Rec. ITU-T H.264, table 7-1), and how many frames they are. */
export function readStream(bytes: Buffer): {types: number[]; frames: number} {
  const types: number[] = [];
  let frames = 0;
  for (let at = bytes.indexOf('000001', 0, 'hex'); at >= 0; at = bytes.indexOf('000001', at + 3, 'hex')) {
    const type = (bytes[at + 3] ?? 0) & 31;
    types.push(type);
    // A slice's header begins with the number of its first macroblock; 0, one bit set, begins a picture.
    if ((type === 1 || type === 5) && (bytes[at + 4] ?? 0) & 0x80) frames++;
  }
  return {types, frames};
}
