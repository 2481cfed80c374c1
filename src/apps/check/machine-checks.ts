import {statfs} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {findFfmpeg} from '../../media/ffmpeg.ts';
import {type Check, tryOut} from './check.ts';

/** The least that a function should have: megabytes of memory, seconds, megabytes of temporary disk. */
const [MEMORY, SECONDS, DISK] = [2_048, 120, 1_000];

/** The machine as a function knows it. */
export interface Machine {
  /** Megabytes; left out if unknown. */
  memoryMb?: number | undefined;
  /** Seconds that an invocation may take; Infinity where there is no limit. */
  seconds: number;
}

/** Whether the machine is large enough, and has its tools. */
export const machineChecks = (machine: Machine): Promise<Check[]> =>
  Promise.all([
    memory(machine),
    timeLimit(machine),
    tryOut({
      name: 'temporary disk',
      mend: 'Give the function more ephemeral storage (/tmp).',
      work: async () => {
        const {bavail, bsize} = await statfs(tmpdir());
        const left = Math.floor((bavail * bsize) / 1e6);
        const detail = `${left} MB free in ${tmpdir()}`;
        if (left >= DISK) return detail;
        const mend = `Give the function more ephemeral storage (/tmp, up to 10 GB): the browser takes some of it, and a film has to fit there twice.`;
        return {state: 'warning', detail, mend};
      },
    }),
    tryOut({
      name: 'ffmpeg',
      mend: 'Build the image again, or set FFMPEG_PATH to a program that runs there.',
      work: () => findFfmpeg(),
    }),
  ]);

async function memory({memoryMb}: Machine): Promise<Check> {
  const name = 'memory';
  if (memoryMb === undefined) return {name, state: 'unchecked', detail: 'the amount is unknown'};
  const detail = `${memoryMb} MB`;
  if (memoryMb >= MEMORY) return {name, state: 'ok', detail};
  const mend = `Give the function ${MEMORY} MB or more: a browser needs them, and the CPU grows with the memory.`;
  return {name, state: 'warning', detail, mend};
}

async function timeLimit({seconds}: Machine): Promise<Check> {
  const name = 'time limit';
  if (seconds === Infinity) return {name, state: 'ok', detail: 'none'};
  const detail = `${seconds} s`;
  if (seconds >= SECONDS) return {name, state: 'ok', detail};
  return {name, state: 'warning', detail, mend: "Raise the function's time limit; 900 s is the most."};
}
