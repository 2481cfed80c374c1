import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {Readable} from 'node:stream';
import {describe, expect, it, onTestFinished} from 'vitest';
import {ENCODINGS} from '../../../src/model/quality.ts';
import {serveMedia} from '../../../src/renderers/revideo/media-server.ts';
import {openSegments} from '../../../src/renderers/revideo/segment-writer.ts';
import {readStream} from '../../support/annex-b.ts';
import {type Area, brightness, decodeGray} from '../../support/exact.ts';
import {scratch} from '../../support/processes.ts';

const signal = AbortSignal.timeout(60_000);
const WIDTH = 64;
const HEADER = Buffer.from(`YUV4MPEG2 W${WIDTH} H${WIDTH} F30:1 Ip A1:1 C420jpeg\n`);
const FRAME = Buffer.concat([Buffer.from('FRAME\n'), Buffer.alloc((WIDTH * WIDTH * 3) / 2, 90)]);

/** A server that hands what it is sent to a writer of segments. */
async function open(quality: keyof typeof ENCODINGS, folderOfSegments: string) {
  const folder = scratch();
  const path = (index: number) => join(folderOfSegments, `${index}.h264`);
  const server = await serveMedia({folder, publicFolder: folder, hash: ''});
  onTestFinished(() => server.close());
  const writer = await openSegments({path, encoding: ENCODINGS[quality], signal});

  const output = server.receive((segment) => writer.input(segment), 1e9);
  const post = async (body: BodyInit, segment = 0) => {
    const answer = await fetch(`${server.origin}${output.path}?segment=${segment}`, {
      method: 'POST',
      body,
      duplex: 'half',
    } as never);
    return answer.status;
  };
  return {writer, post};
}

describe('the writer of segments', () => {
  it('leaves the frames of all posts of a segment in one stream', async () => {
    const {writer, post} = await open('balanced', scratch());
    expect(await post(HEADER)).toBe(204);
    for (let frame = 0; frame < 30; frame++) expect(await post(FRAME)).toBe(204);
    const path = await writer.end(0);
    const pictures = await decodeGray({path, frames: 30}, {width: WIDTH, height: WIDTH});
    expect(pictures).toHaveLength(30);
    // 90 of 16 to 235, as a grey of 0 to 255.
    const all: Area = [0, 0, WIDTH, WIDTH];
    for (const picture of pictures) expect(brightness(picture, all)).toBeCloseTo(((90 - 16) * 255) / 219, 0);
  });

  it('encodes each segment on its own: its bytes are the same in any chunk', async () => {
    const flicker = (frame: number) =>
      Buffer.concat([
        Buffer.from('FRAME\n'),
        Buffer.alloc((WIDTH * WIDTH * 3) / 2, 40 + ((frame * 37) % 160)),
      ]);
    const encode = async (segments: readonly (readonly [from: number, to: number])[]) => {
      const {writer, post} = await open('balanced', scratch());
      for (const [index, [from, to]] of segments.entries()) {
        await post(HEADER, index);
        for (let frame = from; frame < to; frame++) await post(flicker(frame), index);
      }
      const paths = await Promise.all(segments.map((_, index) => writer.end(index)));
      return Buffer.concat(await Promise.all(paths.map((path) => readFile(path))));
    };
    const whole = await encode([
      [0, 12],
      [12, 24],
      [24, 31],
    ]);
    const parts = [
      await encode([[0, 12]]),
      await encode([
        [12, 24],
        [24, 31],
      ]),
    ];
    expect(Buffer.concat(parts).equals(whole)).toBe(true);
    const {types} = readStream(whole);
    expect(types.filter((type) => type === 5)).toHaveLength(3);
  });

  it.each([
    ['balanced', 'FfmpegFailed', 'While encoding a chunk, ffmpeg ended with exit code'],
    ['cheapest', 'DiskFailed', 'cannot be written: ENOENT'],
  ] as const)('%s: says why it takes no more, and lets nobody wait', async (quality, name, message) => {
    const {writer, post} = await open(quality, join(scratch(), 'missing'));
    // More than pipes and buffers hold: the sender is refused, and not kept waiting.
    const endless = Readable.from(
      (function* () {
        yield HEADER;
        for (let frame = 0; frame < 10_000; frame++) yield FRAME;
      })(),
    );
    expect(await post(Readable.toWeb(endless) as never).catch(() => 507)).toBe(507);
    expect(await writer.abandon()).toMatchObject({name, message: expect.stringContaining(message)});
  });

  it('has no reason of its own when it is told to stop', async () => {
    const {writer, post} = await open('best', scratch());
    await post(HEADER);
    expect(await writer.abandon()).toBeUndefined();
  });

  it('hears of a signal that has fired before', async () => {
    const path = () => join(scratch(), '0.h264');
    const writer = await openSegments({path, encoding: ENCODINGS.balanced, signal: AbortSignal.abort()});
    writer.input(0);
    await expect(writer.end(0)).rejects.toMatchObject({name: 'Aborted'});
  });

  it('names a segment of which no byte has come', async () => {
    const {writer} = await open('cheapest', scratch());
    await expect(writer.end(2)).rejects.toMatchObject({
      name: 'ChunkMismatch',
      message: expect.stringContaining('segment 3'),
    });
  });
});
