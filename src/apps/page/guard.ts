import type {IncomingHttpHeaders} from 'node:http';

/** A request as far as it says where it comes from. */
export interface Asked {
  method: string;
  headers: IncomingHttpHeaders;
}

/** Methods that change nothing. */
const READING = new Set(['GET', 'HEAD']);

/**
 * Why a request may not be answered; undefined for one of our own page, or from a user of this machine who
 * types an address. A website that a user opens can send requests to this machine. It must neither start
 * anything here nor see any data. The service itself checks the `Host`: `isOwnHost`.
 */
export function refusal({method, headers}: Asked): string | undefined {
  const {host = '', origin} = headers;
  const own = `http://${host}`;
  if (origin !== undefined && origin !== own) return 'Pages of other sites may ask for nothing here.';
  const site = headers['sec-fetch-site'];
  if (READING.has(method)) {
    // A user follows a link to here, which shows the other page nothing.
    const visit = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
    const near = site === undefined || site === 'same-origin' || site === 'none';
    return near || visit ? undefined : 'Pages of other sites may show nothing from here.';
  }
  if (origin !== own) return 'Only this page may start anything.';
  if (site !== undefined && site !== 'same-origin') return 'Only this page may start anything.';
  // A form can send text under any origin, but not JSON that says so.
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  return type === 'application/json' ? undefined : 'Only application/json is taken here.';
}
