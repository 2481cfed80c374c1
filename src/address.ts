/** Whether an address is a stream's playlist, whose own addresses are relative to it. */
export const isPlaylist = ({pathname}: URL): boolean => pathname.endsWith('.m3u8');

/**
 * The address, without its fragment, under which a file of another web server is asked for through ours; undefined
 * for what is asked for where it is: our own files, `data:` and the like, and playlists.
 *
 * @param here an address of our server
 */
export function remoteAddress(address: string, here: string): string | undefined {
  if (!URL.canParse(address, here)) return undefined;
  const url = new URL(address, here);
  if (!/^https?:$/.test(url.protocol) || url.origin === new URL(here).origin) return undefined;
  if (isPlaylist(url)) return undefined;
  url.hash = '';
  return url.href;
}

/** How paths of our own server begin that lead to another one's file; a key, a reader and the file's address follow. */
export const REMOTE = '/-/remote/';

/**
 * An address as a message may show it: what follows the `?` may be a signature, what precedes the `@` a password.
 * Of a file that our own server reads elsewhere, the address there.
 */
export function shownAddress(address: string): string {
  if (/^data:/i.test(address)) return `${address.slice(0, 40).split(',')[0]},…`;
  if (!/^(https?|wss?):/i.test(address) || !URL.canParse(address)) return cut(address);
  const {protocol, host, pathname, search} = new URL(address);
  const [, , encoded] = pathname.startsWith(REMOTE) ? pathname.slice(REMOTE.length).split('/') : [];
  if (encoded) return shownAddress(decode(encoded));
  return cut(`${protocol}//${host}${pathname}${search && '?…'}`);
}

/** Characters of an address that a message shows; what is longer holds something that is no address. */
const SHOWN = 500;
const cut = (text: string): string => (text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);

function decode(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return '…';
  }
}

/** Addresses in other programs' words: up to where none can go on. */
const ADDRESSES = /\b(?:(?:https?|wss?):\/\/|data:[\w.+-]+\/[\w.+-]*[;,])[^\s"'<>`\\^{|}]*/gi;

/** Text of others as a message may show it: every address in it is shown as `shownAddress` shows it. */
export const hideSecrets = (text: string): string =>
  text.replace(ADDRESSES, (found) => {
    // A sentence or a place in a file ends behind the address: `(http://x/y.js:1:2).`
    const [, address = found, rest = ''] = /^(.*?)([),.;:\]]*)$/s.exec(found) ?? [];
    return `${shownAddress(address)}${rest}`;
  });
