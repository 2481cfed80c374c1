import {MediaFailure} from './remote.ts';

/** Bytes of a sound that only the page holds, at most: they cross into Node as text. */
const MAX_HELD = 64e6;

const held = new Map<string, Promise<string>>();

/**
 * An address that means the same outside the page as inside. For a file of the page's own server that is its
 * path, and for a `blob:` its content. Others stay as they are.
 *
 * Rejects with `MediaFailure` for a `blob:` that is gone or holds more than 64 MB.
 */
export function portable(address: string): string | Promise<string> {
  if (!address || !URL.canParse(address, location.href)) return address;
  const {protocol, origin, pathname, search} = new URL(address, location.href);
  if (protocol === 'blob:') {
    const content = held.get(address) ?? readBlob(address);
    held.set(address, content);
    return content;
  }
  const isOwn = origin === location.origin && /^http/i.test(address);
  return isOwn ? pathname + search : address;
}

async function readBlob(address: string): Promise<string> {
  const answer = await fetch(address).catch(() => {
    throw new MediaFailure(address, 'the project has revoked it');
  });
  const blob = await answer.blob();
  if (blob.size > MAX_HELD) {
    throw new MediaFailure(
      address,
      `it holds ${blob.size} bytes of sound, and may hold ${MAX_HELD}; name a file`,
    );
  }
  const reader = new FileReader();
  const read = new Promise<string>((resolve, reject) => {
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(new MediaFailure(address, String(reader.error?.message)));
  });
  reader.readAsDataURL(blob);
  return read;
}
