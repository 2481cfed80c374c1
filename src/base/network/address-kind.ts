import ipaddr from 'ipaddr.js';

/** An IP address as ipaddr.js reads it. */
export type Ip = ipaddr.IPv4 | ipaddr.IPv6;

/**
 * How a film may use an address: `public` is the internet, and `private` is this machine and the networks
 * around it. `never` holds the addresses at which clouds keep credentials.
 */
export type AddressKind = 'public' | 'private' | 'never';

/**
 * Addresses at which clouds give credentials to any caller. Link-local IPv4 serves the metadata of EC2, ECS
 * and EKS (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html), Google and
 * Azure. The others are the IPv6 ones of AWS, Azure's wire server and Alibaba's metadata.
 */
const NEVER = ['169.254.0.0/16', 'fd00:ec2::/32', '168.63.129.16/32', '100.100.100.200/32'].map((range) =>
  ipaddr.parseCIDR(range),
);

/**
 * All IPv6 addresses that are allocated for the internet
 * (https://www.iana.org/assignments/ipv6-address-space).
 */
const GLOBAL = ipaddr.parseCIDR('2000::/3');

/** Prefixes of IPv6 that lead to the IPv4 address in the last 32 bits: mapped, compatible, translated, NAT64. */
const EMBEDDING = ['::ffff:0:0/96', '::/96', '::ffff:0:0:0/96', '64:ff9b::/96'].map((range) =>
  ipaddr.parseCIDR(range),
);

/**
 * Reads an address in its usual spelling, without brackets; undefined for any other text. A zone (`%eth0`) is
 * left out.
 */
export function readIp(text: string): Ip | undefined {
  const [address = ''] = text.split('%');
  if (ipaddr.IPv4.isValidFourPartDecimal(address)) return ipaddr.IPv4.parse(address);
  return ipaddr.IPv6.isValid(address) ? unwrap(ipaddr.IPv6.parse(address)) : undefined;
}

/** The IPv4 address that an IPv6 one leads to, where it leads to one. */
function unwrap(ip: ipaddr.IPv6): Ip {
  const bytes = ip.toByteArray();
  const ends = (at: number) => new ipaddr.IPv4(bytes.slice(at, at + 4));
  // :: and ::1 are addresses of their own.
  const isOwn = bytes.slice(0, 15).every((byte) => byte === 0) && (bytes[15] ?? 0) <= 1;
  if (!isOwn && EMBEDDING.some((range) => ip.match(range))) return ends(12);
  // 6to4 (RFC 3056) has it behind the first 16 bits.
  return ip.match(ipaddr.parseCIDR('2002::/16')) ? ends(2) : ip;
}

/** Whether a range holds an address; one of IPv4 holds no IPv6 address, nor the other way round. */
export const holds = (range: [Ip, number], ip: Ip): boolean =>
  range[0].kind() === ip.kind() && ip.match(range as [ipaddr.IPv4 & ipaddr.IPv6, number]);

/** Says what an address is. An address that no list knows as public is private. */
export function kindOf(ip: Ip): AddressKind {
  if (NEVER.some((range) => holds(range, ip))) return 'never';
  if (ip.range() !== 'unicast') return 'private';
  return ip.kind() === 'ipv4' || holds(GLOBAL, ip) ? 'public' : 'private';
}

/** Whether an address is this machine itself; a connection to 0.0.0.0 or :: is made to loopback. */
export const isLoopback = (ip: Ip): boolean => ['loopback', 'unspecified'].includes(ip.range());
