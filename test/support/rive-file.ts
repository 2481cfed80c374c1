import {writeFile} from 'node:fs/promises';

/** Keys of Rive's binary format, from `include/rive/generated` of rive-app/rive-runtime. */
const TYPE = {
  backboard: 23,
  artboard: 1,
  shape: 3,
  rectangle: 7,
  fill: 20,
  solidColor: 18,
  linearAnimation: 31,
  keyedObject: 25,
  keyedProperty: 26,
  keyFrameDouble: 30,
} as const;
const KEY = {
  name: 4,
  parentId: 5,
  width: 7,
  height: 8,
  x: 13,
  y: 14,
  rotation: 15,
  pathWidth: 20,
  pathHeight: 21,
  colorValue: 37,
  objectId: 51,
  propertyKey: 53,
  animationName: 55,
  fps: 56,
  duration: 57,
  loop: 59,
  frame: 67,
  interpolation: 68,
  value: 70,
} as const;

type Property = [key: number, value: Buffer];

/** Writes an animation of Rive's: a square that goes to the right and turns, in one second, over and over. */
export async function writeRive(path: string): Promise<void> {
  const keyFrames = (frames: [frame: number, value: number][]) =>
    frames.map(([frame, value]) =>
      object(TYPE.keyFrameDouble, [
        [KEY.frame, number(frame)],
        [KEY.interpolation, number(1)],
        [KEY.value, float(value)],
      ]),
    );
  await writeFile(
    path,
    Buffer.concat([
      // Version 7.0, file 0, and no property of a type that a reader would not know.
      Buffer.from('RIVE'),
      ...[7, 0, 0, 0].map(number),
      object(TYPE.backboard, []),
      object(TYPE.artboard, [
        [KEY.name, text('square')],
        [KEY.width, float(160)],
        [KEY.height, float(160)],
      ]),
      object(TYPE.shape, [
        [KEY.parentId, number(0)],
        [KEY.x, float(40)],
        [KEY.y, float(80)],
      ]),
      object(TYPE.rectangle, [
        [KEY.parentId, number(1)],
        [KEY.pathWidth, float(50)],
        [KEY.pathHeight, float(30)],
      ]),
      object(TYPE.fill, [[KEY.parentId, number(1)]]),
      object(TYPE.solidColor, [
        [KEY.parentId, number(3)],
        [KEY.colorValue, color(0xffffcc00)],
      ]),
      object(TYPE.linearAnimation, [
        [KEY.animationName, text('go')],
        [KEY.fps, number(60)],
        [KEY.duration, number(60)],
        [KEY.loop, number(1)],
      ]),
      object(TYPE.keyedObject, [[KEY.objectId, number(1)]]),
      object(TYPE.keyedProperty, [[KEY.propertyKey, number(KEY.x)]]),
      ...keyFrames([
        [0, 40],
        [60, 120],
      ]),
      object(TYPE.keyedProperty, [[KEY.propertyKey, number(KEY.rotation)]]),
      ...keyFrames([
        [0, 0],
        [60, Math.PI],
      ]),
    ]),
  );
}

function object(type: number, properties: Property[]): Buffer {
  return Buffer.concat([
    number(type),
    ...properties.flatMap(([key, value]) => [number(key), value]),
    number(0),
  ]);
}

/** A number of seven bits a byte, the lowest first. */
function number(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return Buffer.from([...bytes, rest]);
    bytes.push((rest & 0x7f) | 0x80);
  }
}

function float(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
}

function color(argb: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(argb);
  return bytes;
}

const text = (value: string): Buffer => Buffer.concat([number(value.length), Buffer.from(value)]);
