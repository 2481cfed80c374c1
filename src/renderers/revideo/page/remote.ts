import {asPathName, remoteAddress, shownAddress} from '../../../base/address.ts';

/** A clip, a sound or a picture that cannot be read. */
export class MediaFailure extends Error {
  /** @param reason goes after "cannot be read: ", without a full stop */
  constructor(address: string, reason: string) {
    super(`${shownAddress(address)} cannot be read: ${reason}.`);
  }
}

const query = new URLSearchParams(location.search);
const root = query.get('remote');
/**
 * One reader for each document: it sees one version of every file, even if the file is replaced meanwhile. Node names
 * it, because the browser asks for style sheets before this page's code runs.
 */
export const reader = query.get('reader') ?? crypto.randomUUID();
const base = root && `${location.origin}${root}${reader}/`;

/** Where this page asks for a medium: another server's at our own, which keeps what it has fetched; others where they are. */
export function throughServer(address: string): string {
  const remote = base && remoteAddress(address, location.href);
  return remote ? `${base}${asPathName(remote)}${new URL(address, location.href).hash}` : address;
}

/** Whether an address is asked for at our server in place of another one's. */
export const isRerouted = (address: string): boolean => throughServer(address) !== address;

/**
 * Makes an element load another server's file from our server. It still reports the address that it was
 * given: a project, and Revideo, see no difference.
 */
export function reroute(element: HTMLMediaElement | HTMLImageElement): void {
  const prototype =
    element instanceof HTMLImageElement ? HTMLImageElement.prototype : HTMLMediaElement.prototype;
  const native = Object.getOwnPropertyDescriptor(prototype, 'src');
  let given: {address: string; rerouted: string} | undefined;
  Object.defineProperty(element, 'src', {
    configurable: true,
    enumerable: true,
    get: () => {
      const loaded: string = native?.get?.call(element);
      return given?.rerouted === loaded ? given.address : loaded;
    },
    set: (value: unknown) => {
      const address = String(value);
      const rerouted = throughServer(address);
      given = rerouted === address ? undefined : {address: new URL(address, location.href).href, rerouted};
      native?.set?.call(element, rerouted);
    },
  });
}

/** Why our server cannot read what another server has; undefined if it can. */
export async function findRefusal(address: string): Promise<string | undefined> {
  const answer = await fetch(throughServer(address), {headers: {range: 'bytes=0-0'}});
  return answer.ok ? undefined : answer.text();
}

/** Bytes `[start, end)` of another server's file, and how long it is. Rejects with `MediaFailure`. */
export async function readRemote(
  address: string,
  [start, end]: readonly [start: number, end: number],
): Promise<{bytes: Uint8Array; length: number}> {
  try {
    const answer = await fetch(throughServer(address), {headers: {range: `bytes=${start}-${end - 1}`}});
    if (!answer.ok) throw new MediaFailure(address, await answer.text());
    const length = Number(answer.headers.get('content-range')?.split('/')[1]);
    return {bytes: new Uint8Array(await answer.arrayBuffer()), length};
  } catch (error) {
    if (error instanceof MediaFailure) throw error;
    // An answer that breaks off does not say why.
    throw new MediaFailure(address, (await findRefusal(address)) ?? 'the connection broke');
  }
}
