import {lookup} from 'node:dns';
import type {LookupFunction} from 'node:net';
import {networkInterfaces} from 'node:os';
import {type Ip, isLoopback, kindOf, readIp} from './address-kind.ts';
import {allows, type PrivateHost, plainName} from './private-hosts.ts';

/** Why a connection is not made, in words that go after "cannot be read: ", without a full stop. */
export class Refused extends Error {}

/** Addresses beyond the internet that a film may reach. */
export interface BorderOptions {
  /** Private hosts that serve a project's media; none by default. */
  privateHosts?: readonly PrivateHost[] | undefined;
  /**
   * `host:port` of the Runtime API, which gives out the events of this function; by default from the
   * environment.
   */
  runtimeApi?: string | undefined;
  /** Looks up names; Node's own lookup by default. */
  resolve?: typeof lookup | undefined;
}

/** A connection that is about to be made. */
interface Asked {
  /** A name or an address, as it was asked for; an IPv6 address without brackets. */
  host: string;
  port: number;
}

/**
 * Decides what a film may reach: the internet, and the private hosts that its operator has named; never the
 * Runtime API nor a cloud's metadata. It checks the address of the actual connection. So the spelling of a
 * host, the target of a redirect or an earlier lookup of the name makes no difference.
 */
export class Border {
  readonly #privateHosts: readonly PrivateHost[];
  readonly #runtimeApi: string | undefined;
  readonly #resolve: typeof lookup;

  constructor({
    privateHosts = [],
    runtimeApi = process.env.AWS_LAMBDA_RUNTIME_API,
    resolve = lookup,
  }: BorderOptions = {}) {
    this.#privateHosts = privateHosts;
    this.#runtimeApi = runtimeApi;
    this.#resolve = resolve;
  }

  /** Why a connection to an address is not made; undefined if it may be. */
  refusal({host, port}: Asked, address: string): Refused | undefined {
    const ip = readIp(address);
    if (!ip) return new Refused(`it leads to "${address}", which is no address`);
    const leads = `it leads to ${address}:${port}`;
    if (this.#isRuntimeApi({host, port}, ip)) return new Refused(`${leads}, Lambda's Runtime API`);
    const kind = kindOf(ip);
    if (kind === 'never') return new Refused(`${leads}, where a cloud keeps its credentials`);
    if (kind === 'public' && !isOurs(ip)) return undefined;
    if (this.#privateHosts.some((entry) => allows(entry, {name: host, port, ip}))) return undefined;
    const where = isLoopback(ip) || isOurs(ip) ? 'this machine' : 'a private network';
    const named = `${host.includes(':') ? `[${host}]` : plainName(host)}:${port}`;
    const allow =
      this.#privateHosts.length > 0
        ? `add ${named} to REVIDEO_PRIVATE_HOSTS`
        : `set REVIDEO_PRIVATE_HOSTS=${named}`;
    return new Refused(
      `${leads}, an address of ${where} that REVIDEO_PRIVATE_HOSTS does not name (to allow it, ${allow})`,
    );
  }

  /**
   * Why a connection to a host is refused whose address is known without a lookup. That is a literal address,
   * or a name that means this machine everywhere (RFC 6761, section 6.3). Undefined for others, which are
   * looked up first.
   */
  literalRefusal(asked: Asked): Refused | undefined {
    const isHere = /^(.+\.)?localhost$/.test(plainName(asked.host));
    if (isHere) return this.refusal(asked, '127.0.0.1');
    return readIp(asked.host) ? this.refusal(asked, asked.host) : undefined;
  }

  /**
   * Looks names up for a connection to a port, and has an error in place of an address that may not be reached.
   * Node's sockets connect to what this gives them and do not look again.
   *
   * @param onRefused called for each refusal
   */
  lookup(port: number, onRefused: (refused: Refused) => void = () => {}): LookupFunction {
    return (host, options, callback) => {
      this.#resolve(host, {...options, all: true}, (error, found) => {
        if (error) return callback(error, '', 0);
        const refused = found.map(({address}) => this.refusal({host, port}, address)).find(Boolean);
        if (refused) {
          onRefused(refused);
          return callback(refused, '', 0);
        }
        const [{address, family} = {address: '', family: 0}] = found;
        if (options.all) callback(null, found);
        else callback(null, address, family);
      });
    };
  }

  #isRuntimeApi({host, port}: Asked, ip: Ip): boolean {
    if (!this.#runtimeApi) return false;
    const [, api = '', apiPort = '80'] = /^\[?(.*?)\]?(?::(\d+))?$/.exec(this.#runtimeApi) ?? [];
    if (Number(apiPort) !== port) return false;
    const apiIp = readIp(api);
    return isLoopback(ip) || plainName(host) === plainName(api) || apiIp?.toString() === ip.toString();
  }
}

/** Whether a network card of this machine has the address: what listens there may be meant for this machine alone. */
const isOurs = (ip: Ip): boolean =>
  Object.values(networkInterfaces()).some((cards) =>
    cards?.some(({address}) => readIp(address)?.toString() === ip.toString()),
  );
