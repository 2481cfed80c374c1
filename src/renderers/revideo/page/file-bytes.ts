import {throughServer} from './remote.ts';

/** A file that is read in parts. */
export interface FileBytes {
  /** Length of the whole file in bytes. */
  length: number;
  /** Bytes `[start, end)`; fewer where the file ends. */
  read(start: number, end: number): Promise<Uint8Array>;
}

/** Read at once: enough for how most files begin. */
const HEAD = 4_096;

/**
 * Opens a medium by the address that the project names.
 *
 * @returns undefined where nothing can be said: no answer, a refusal, or a server that does not send parts of a file
 */
export async function openBytes(url: string): Promise<FileBytes | undefined> {
  const answer = await ask(url, [0, HEAD]).catch(() => undefined);
  // Not a byte of it is there.
  if (answer?.status === 416) return {length: 0, read: async () => new Uint8Array()};
  if (!answer?.ok) return undefined;
  const isWhole = answer.status === 200 && /^(?:data|blob):/i.test(url);
  if (answer.status !== 206 && !isWhole) {
    await answer.body?.cancel();
    return undefined;
  }
  const head = new Uint8Array(await answer.arrayBuffer());
  const length = isWhole ? head.length : Number(answer.headers.get('content-range')?.split('/')[1]);
  if (!Number.isSafeInteger(length)) return undefined;
  return {
    length,
    async read(start, end) {
      const last = Math.min(end, length);
      if (last <= Math.max(start, head.length) || isWhole) return head.subarray(start, last);
      const answer = await ask(url, [start, last]);
      return answer.status === 206 ? new Uint8Array(await answer.arrayBuffer()) : new Uint8Array();
    },
  };
}

const ask = (url: string, [start, end]: readonly [start: number, end: number]): Promise<Response> =>
  fetch(throughServer(url), {headers: {range: `bytes=${start}-${end - 1}`}});
