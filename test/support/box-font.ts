/** The shape of a box font, in thousandths of its size. */
export interface BoxFont {
  /** From one sign to the next. */
  advance: number;
  /** Height of each box. */
  height: number;
}

/** Its characters: all visible ones of ASCII. */
const [FIRST, LAST] = [0x20, 0x7e];
const SIGNS = LAST - FIRST + 1;
/** The picture of a missing sign comes first. */
const GLYPHS = SIGNS + 1;

const int16 = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 2);
  for (const [index, value] of values.entries()) bytes.writeUInt16BE(value & 0xffff, index * 2);
  return bytes;
};
const int32 = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value >>> 0, index * 4);
  return bytes;
};

/**
 * Makes a TrueType font in which every sign is a box, so that a test can tell it from all other fonts
 * (https://learn.microsoft.com/en-us/typography/opentype/spec/otff).
 */
export function boxFont({advance, height}: BoxFont): Buffer {
  const right = advance - 50;
  // One contour of four points: each is on the curve, with both coordinates as words.
  const box = Buffer.concat([
    int16(1, 50, 0, right, height, 3, 0),
    Buffer.from([1, 1, 1, 1]),
    int16(50, right - 50, 0, 50 - right, 0, 0, height, 0),
  ]);
  const glyph = Buffer.concat([box, Buffer.alloc(-box.length & 3)]);
  const tables: Record<string, Buffer> = {
    'OS/2': os2(advance),
    cmap: cmap(),
    glyf: Buffer.concat(Array(GLYPHS).fill(glyph)),
    head: Buffer.concat([
      int32(0x10000, 0x10000, 0, 0x5f0f3cf5),
      int16(3, 1000),
      int32(0, 0, 0, 0),
      int16(0, 0, right, height, 0, 8, 2, 1, 0),
    ]),
    hhea: Buffer.concat([
      int32(0x10000),
      int16(800, -200, 0, advance, 0, 0, right, 1, 0, 0, 0, 0, 0, 0, 0, GLYPHS),
    ]),
    hmtx: int16(...Array(GLYPHS).fill([advance, 50]).flat()),
    loca: int32(...Array.from({length: GLYPHS + 1}, (_, index) => index * glyph.length)),
    maxp: Buffer.concat([int32(0x10000), int16(GLYPHS, 4, 1, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0)]),
    name: name(),
    post: int32(0x30000, 0, 0, 0, 0, 0, 0, 0),
  };
  return pack(tables);
}

function os2(advance: number): Buffer {
  const family = [advance, 400, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 50, 300, 0];
  return Buffer.concat([
    int16(4, ...family.slice(0, 15), 0),
    Buffer.alloc(10),
    int32(1, 0, 0, 0),
    Buffer.from('NONE'),
    int16(64, FIRST, LAST, 800, -200, 0, 800, 200),
    int32(1, 0),
    int16(500, 700, 0, FIRST, 1),
  ]);
}

/** Format 4: one segment of signs, and the last one that every such table has. */
function cmap(): Buffer {
  const table = int16(4, 32, 0, 4, 4, 1, 0, LAST, 0xffff, 0, FIRST, 0xffff, 1 - FIRST, 1, 0, 0);
  return Buffer.concat([int16(0, 1, 3, 1), int32(12), table]);
}

function name(): Buffer {
  const words = ['Box', 'Regular', 'Box', 'Box Regular', '1', 'Box-Regular'].map((word) =>
    Buffer.from(word, 'utf16le').swap16(),
  );
  let offset = 0;
  const records = words.map((word, index) => {
    const record = int16(3, 1, 0x409, index + 1, word.length, offset);
    offset += word.length;
    return record;
  });
  return Buffer.concat([int16(0, words.length, 6 + words.length * 12), ...records, ...words]);
}

function checksum(bytes: Buffer): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 4) sum = (sum + bytes.readUInt32BE(at)) >>> 0;
  return sum;
}

/** The file of tables, in the order of their names. */
function pack(tables: Record<string, Buffer>): Buffer {
  const names = Object.keys(tables).toSorted();
  const power = Math.floor(Math.log2(names.length));
  const header = [
    int32(0x10000),
    int16(names.length, 16 << power, power, (names.length - (1 << power)) * 16),
  ];
  const body: Buffer[] = [];
  let at = 12 + names.length * 16;
  for (const tag of names) {
    const table = tables[tag] ?? Buffer.alloc(0);
    const padded = Buffer.concat([table, Buffer.alloc(-table.length & 3)]);
    header.push(Buffer.from(tag), int32(checksum(padded), at, table.length));
    body.push(padded);
    at += padded.length;
  }
  return Buffer.concat([...header, ...body]);
}
