import ipaddr from 'ipaddr.js';
import {holds, type Ip, readIp} from './address-kind.ts';

/** A private host that a project may reach. */
export interface PrivateHost {
  /** A name in lower case, or a range of addresses. */
  host: string | [Ip, number];
  /** All ports if left out. */
  port?: number;
}

/** The form of an entry, in the words of an error message. */
export const PRIVATE_HOSTS =
  'a list with commas between of hosts (media.internal), hosts with a port (127.0.0.1:9000, [::1]:9000) and ranges (10.1.0.0/16)';

/** Reads a list of entries; undefined if one of them cannot be read. */
export function readPrivateHosts(list: string): PrivateHost[] | undefined {
  const entries = list
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean);
  const hosts = entries.map(readEntry);
  return hosts.every((host) => host !== undefined) ? hosts : undefined;
}

function readEntry(entry: string): PrivateHost | undefined {
  if (ipaddr.isValidCIDR(entry)) return {host: ipaddr.parseCIDR(entry)};
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(entry) ?? [];
  const host = bracketed ?? plain ?? entry;
  const port = digits === undefined ? {} : {port: Number(digits)};
  if ((port.port ?? 1) < 1 || (port.port ?? 1) > 65_535) return undefined;
  const ip = readIp(host);
  if (ip) return {host: [ip, ip.kind() === 'ipv4' ? 32 : 128], ...port};
  return /^[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?$/i.test(host) ? {host: plainName(host), ...port} : undefined;
}

/** A host's name as it is compared: in lower case, without the dot of the root. */
export const plainName = (host: string): string => host.toLowerCase().replace(/\.$/, '');

/** Whether an entry means a host, known by the name it was asked for with or by its address. */
export const allows = ({host, port}: PrivateHost, asked: {name: string; port: number; ip: Ip}): boolean =>
  (port === undefined || port === asked.port) &&
  (typeof host === 'string' ? host === plainName(asked.name) : holds(host, asked.ip));
