import {hideSecrets} from '../../../base/hide-secrets.ts';
import {Refused} from '../../../base/network/border.ts';

/** Why a remote file cannot be read, in words that go after "cannot be read: ", without a full stop. */
export class Unreadable extends Error {}

/** A file of which one version has been read in part. */
export const replaced = () => new Unreadable('it was replaced by another file while it was read');

/** A file of which even a part is too much. */
export const tooBig = (limit: number): Unreadable =>
  new Unreadable(`it has more than the ${Math.floor(limit / 1e6)} MB that REVIDEO_MAX_MEDIA_MB allows`);

/** An answer that has broken off: another try at the same range may bring it all. */
export class Broken extends Unreadable {}

/** Whether a file was not asked for because the border does not let anyone there. */
export function isRefused(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if (cause instanceof Refused) return true;
  return false;
}

const NETWORK: Record<string, string> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection broke',
  UND_ERR_SOCKET: 'the connection broke',
  ENOTFOUND: 'there is no server of this name',
  EAI_AGAIN: 'the name of its server cannot be looked up',
  UND_ERR_CONNECT_TIMEOUT: 'no connection to its server can be made',
};

/** Describes an error of `fetch` for a reader: the error says little, its cause says more. */
export function toUnreadable(thrown: unknown): Unreadable {
  if (thrown instanceof Unreadable) return thrown;
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const cause = error.cause instanceof Error ? error.cause : error;
  const code = 'code' in cause ? String(cause.code) : '';
  return new Unreadable(NETWORK[code] ?? hideSecrets(cause.message || code || error.message), {cause: error});
}
