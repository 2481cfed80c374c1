/** Whether an address is a stream's playlist, whose own addresses are relative to it. */
export const isPlaylist = ({pathname}: URL): boolean => pathname.endsWith('.m3u8');

/**
 * The address at which our server serves a file of another web server, without its fragment. Undefined for
 * addresses that the page requests directly: our own files, `data:` and the like, and playlists.
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
 * Characters that `encodeURIComponent` leaves as they are, but other programs take for the end of an address.
 */
const PUNCTUATION = /[!'()*]/g;

/** An address as one name of a path of our own server: whatever quotes the path, nothing in it ends the address. */
export const asPathName = (address: string): string =>
  encodeURIComponent(address).replace(
    PUNCTUATION,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** Characters of an address that a message shows; what is longer holds something that is no address. */
const SHOWN = 500;

/**
 * An address as a message may show it. Text after `?` or `#` may be a signature, text before `@` a password.
 * For a remote file that our own server proxies, it shows the remote address.
 */
export function shownAddress(address: string): string {
  const given = address.trim();
  if (/^data:/i.test(given)) return `${given.slice(0, 40).split(',')[0]},…`;
  return cut(readHost(given) ?? withoutCredentials(given));
}

/** Reads an address with a host the way a browser does, which also accepts `http:/\me:pw@host`. */
function readHost(address: string): string | undefined {
  // A path relative to the page's scheme has a host as well.
  const isBare = address.startsWith('//');
  const isOurs = address.startsWith(REMOTE);
  const whole = isBare ? `http:${address}` : isOurs ? `http://127.0.0.1${address}` : address;
  if (!URL.canParse(whole)) return undefined;
  const {protocol, host, pathname, search} = new URL(whole);
  if (host === '') return protocol === 'file:' ? withoutQuery(address) : undefined;
  const [, , encoded] = pathname.startsWith(REMOTE) ? pathname.slice(REMOTE.length).split('/') : [];
  if (encoded) return shownAddress(decode(encoded));
  return `${isBare ? '' : protocol}//${host}${withoutQuery(pathname)}${search && '?…'}`;
}

/**
 * For an address that no browser can read, such as a port above 65535. Removes everything before the last
 * `@`, because a password may contain a `/`.
 */
function withoutCredentials(address: string): string {
  const shown = withoutQuery(address);
  const begins = shown.indexOf('//');
  const ends = shown.lastIndexOf('@');
  return begins < 0 || ends < begins ? shown : `${shown.slice(0, begins + 2)}…${shown.slice(ends)}`;
}

/** How a query or a fragment begins, in an address that is part of another one's path too. */
const QUERY = /\?|#|%3f|%23/i;

function withoutQuery(address: string): string {
  const begins = address.search(QUERY);
  return begins < 0 ? address : `${address.slice(0, begins)}${address[begins] === '#' ? '' : '?…'}`;
}

const cut = (text: string): string => (text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);

function decode(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return '…';
  }
}
