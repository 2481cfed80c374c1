import {type PrivateHost, readPrivateHosts} from '../../src/base/network/private-hosts.ts';

/** Lets a test's film reach the test's own servers, like an operator who allows the network's hosts. */
export const LOOPBACK: PrivateHost[] = readPrivateHosts('127.0.0.1') ?? [];
