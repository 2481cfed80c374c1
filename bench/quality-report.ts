import {describedMachine, type Machine} from './machine.ts';
import type {QualityRow} from './quality.ts';
import {table} from './table.ts';

/** The results of the qualities in results.json. */
export interface QualityResults {
  machine: Machine;
  runs: number;
  rows: QualityRow[];
}

const decibels = (value: number | null) => value?.toFixed(1) ?? 'lossless';

/** The qualities' figures as Markdown. */
export function qualityReport({machine, runs, rows}: QualityResults): string {
  const figures = rows.map(({scene, quality, cpu, mbits, psnr, psnrAll, ssim}) => [
    scene,
    quality,
    (cpu * 1000).toFixed(0),
    mbits.toFixed(1),
    decibels(psnr),
    decibels(psnrAll),
    ssim.toFixed(4),
  ]);
  const borders = rows.map(({scene, quality, cut}) => [
    scene,
    quality,
    cut.mbits.toFixed(1),
    decibels(cut.beside),
    decibels(cut.rest),
    decibels(cut.besideUncut),
  ]);
  return [
    `${describedMachine(machine)} ${runs === 1 ? 'One run each.' : `CPU: medians of ${runs} runs.`}`,
    table(['scene', 'quality', 'CPU-ms a frame', 'Mbit/s', 'PSNR y dB', 'PSNR all dB', 'SSIM'], figures),
    table(
      ['scene', 'in 4 chunks', 'Mbit/s', 'beside a border, y dB', 'the rest', 'the same frames uncut'],
      borders,
    ),
  ].join('\n\n');
}
