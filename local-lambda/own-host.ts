import {isIP} from 'node:net';

/** Names of this machine as its own programs and pages know it. */
const OWN = ['127.0.0.1', 'localhost', '::1'];
/** Where a service that listens here is reached under whatever address this machine has. */
const EVERYWHERE = ['0.0.0.0', '::'];

/**
 * Whether a request's `Host` is a name of the service itself, whatever the port: what forwards a port has another one. A
 * website can have its own name looked up as this machine's address, and its pages then count as ours to a browser,
 * without an `Origin`; what they cannot do is send another name.
 *
 * @param listening where the service listens: an address or a name
 */
export function isOwnHost(host: string | undefined, listening = '127.0.0.1'): boolean {
  const name = host?.toLowerCase().replace(/:\d{1,5}$/, '') ?? '';
  const bare = name.replace(/^\[(.*)\]$/, '$1');
  // An address is no name that somebody else could have looked up.
  if (EVERYWHERE.includes(listening) && isIP(bare) > 0) return true;
  return OWN.includes(bare) || bare === listening.toLowerCase();
}
