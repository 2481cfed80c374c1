import type {IncomingHttpHeaders} from 'node:http';
import {isIP} from 'node:net';

/** Names of this machine as its own programs and pages know it. */
const OWN = ['127.0.0.1', 'localhost', '::1'];
/** Where a service that listens here is reached under whatever address this machine has. */
const EVERYWHERE = ['0.0.0.0', '::'];

/**
 * Whether a request's `Host` is a name of the service itself, whatever the port: what forwards a port has
 * another one. A website can point its own name at this machine's address. A browser then treats its pages as
 * ours and sends no `Origin`, but they cannot send another `Host`.
 *
 * @param listening where the service listens: an address or a name
 */
export function isOwnHost(host: string | undefined, listening = '127.0.0.1'): boolean {
  const name = host?.toLowerCase().replace(/:\d{1,5}$/, '') ?? '';
  const bare = name.replace(/^\[(.*)\]$/, '$1');
  // An address is not a name, so a website cannot point it elsewhere.
  if (EVERYWHERE.includes(listening) && isIP(bare) > 0) return true;
  return OWN.includes(bare) || bare === listening.toLowerCase();
}

/**
 * Why something that listens on loopback does not answer a request; undefined if it does. It answers programs
 * of this machine, and pages of its own. A website that is open in a browser here can send requests to any
 * port. It may come under a name that it points here (`Host`) or from its own address (`Origin`). It may also
 * load a script or a picture (`Sec-Fetch-Site`, which no page can set or leave out).
 *
 * @param own the origin of its own pages; left out if it has none, so that it answers no browser at all
 */
export function websiteRefusal(headers: IncomingHttpHeaders, own?: string): string | undefined {
  const {host, origin, 'sec-fetch-site': site} = headers;
  if (!isOwnHost(host)) return `Nothing answers here under the name ${JSON.stringify(host ?? '')}.`;
  const isOurs = own
    ? (origin ?? own) === own && (site ?? 'none').match(/^(?:none|same-origin)$/)
    : origin === undefined && site === undefined;
  return isOurs ? undefined : 'Pages of other sites may ask for nothing here.';
}
