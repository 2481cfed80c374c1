/**
 * An address without its user and password, and the header that says them (RFC 7617): `fetch` takes no address that has
 * them.
 */
export function takeCredentials(address: string | URL): {url: URL; headers: Record<string, string>} {
  const url = new URL(address);
  if (!url.username && !url.password) return {url, headers: {}};
  const user = [url.username, url.password].map(decode).join(':');
  url.username = '';
  url.password = '';
  return {url, headers: {authorization: `Basic ${Buffer.from(user).toString('base64')}`}};
}

/** A `%` that stands for nothing is one of the password's own. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
