import {type PrivateHost, readPrivateHosts} from '../../src/base/network/private-hosts.ts';

/** Lets a test's film ask the servers of the test itself, as an operator would have it ask those of his network. */
export const LOOPBACK: PrivateHost[] = readPrivateHosts('127.0.0.1') ?? [];
