import {execa} from 'execa';
import {expect, it} from 'vitest';
import {besideBorders, decodedHashes, likeness, meanPsnr} from '../../../bench/likeness.ts';
import {findFfmpeg} from '../../../src/media/ffmpeg.ts';
import {ffmpeg, mediaDirectory} from '../../support/media.ts';

const media = mediaDirectory();
const signal = new AbortController().signal;
const pattern = ['-f', 'lavfi', '-i', 'testsrc=size=160x90:rate=30:duration=0.5', '-pix_fmt', 'yuv420p'];

it('finds what ffmpeg itself prints as the average, and nothing between the same', async () => {
  const [rough, exact] = [media.path('rough.h264'), media.path('exact.h264')];
  await ffmpeg(...pattern, '-c:v', 'libx264', '-bf', '0', '-crf', '35', rough);
  await ffmpeg(...pattern, '-c:v', 'libx264', '-bf', '0', '-crf', '0', exact);
  const directory = media.path('.');
  const frames = await likeness(rough, {lossless: exact, directory, signal});
  expect(frames).toHaveLength(15);
  const printed = await printedAverages(rough, exact);
  expect(meanPsnr(frames.map(({y}) => y))).toBeCloseTo(printed.y, 1);
  expect(meanPsnr(frames.map(({all}) => all))).toBeCloseTo(printed.all, 1);
  expect(frames.reduce((sum, {ssim}) => sum + ssim, 0) / 15).toBeCloseTo(printed.ssim, 4);

  const same = await likeness(exact, {lossless: exact, directory, signal});
  expect(same[0]).toEqual({y: Number.POSITIVE_INFINITY, all: Number.POSITIVE_INFINITY, ssim: 1});
  expect(meanPsnr(same.map(({y}) => y))).toBe(Number.POSITIVE_INFINITY);
  expect(new Set(await decodedHashes(exact)).size).toBe(15);
});

async function printedAverages(stream: string, other: string) {
  const numbered = '[0:v]settb=1/30,setpts=N[a];[1:v]settb=1/30,setpts=N[b];[a][b]';
  const graph = (filter: string) => [
    ...['-i', stream, '-i', other, '-lavfi', `${numbered}${filter}`],
    ...['-vsync', '0', '-f', 'null', '-'],
  ];
  const program = await findFfmpeg();
  const {stderr: psnr} = await execa(program, graph('psnr'));
  const {stderr: ssim} = await execa(program, graph('ssim'));
  const [, y, all] = /PSNR y:(\S+).*average:(\S+)/.exec(psnr) ?? [];
  return {y: Number(y), all: Number(all), ssim: Number(/All:(\S+)/.exec(ssim)?.[1])};
}

it('knows which frames lie beside a border', () => {
  expect([...besideBorders([3, 2, 2])]).toEqual([2, 3, 4, 5]);
  expect([...besideBorders([3, 1, 2])]).toEqual([2, 3, 4]);
  expect(besideBorders([7]).size).toBe(0);
});
