import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtemp, rm} from 'node:fs/promises';
import {createServer, request} from 'node:http';
import type {AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {buffer} from 'node:stream/consumers';

/** An AWS of this machine: https://docs.getmoto.org, the server of which `MOTO_SERVER` names. */
export interface Moto {
  /** Variables that lead programs and the SDK to it, and to no other AWS. */
  environment: Record<string, string>;
  close(): Promise<void>;
}

/** The account that moto plays. */
export const ACCOUNT = '123456789012';
/** A region that needs a location constraint. */
export const REGION = 'eu-central-1';

/** Starts moto on a free port of 127.0.0.1, behind a proxy that mends what stands between it and CDK. */
export async function startMoto(): Promise<Moto> {
  const program = process.env.MOTO_SERVER;
  if (!program) throw new Error('MOTO_SERVER names no moto_server: .ci/run installs one.');
  const port = await freePort();
  const home = await mkdtemp(join(tmpdir(), 'moto-'));
  const server = spawn(program, ['-H', '127.0.0.1', '-p', String(port)], {
    cwd: home,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  server.stderr.on('data', (bytes) => (log += bytes));
  const failed = once(server, 'error').then(([error]) => Promise.reject(error));
  const gone = once(server, 'exit').then(() => Promise.reject(new Error(log)));
  for (const lost of [failed, gone]) lost.catch(() => {});
  await Promise.race([answers(`http://127.0.0.1:${port}/moto-api/data.json`), failed, gone]);
  // A function answers without being run: there is no Docker here.
  await fetch(`http://127.0.0.1:${port}/moto-api/config`, {
    method: 'POST',
    body: JSON.stringify({lambda: {use_docker: false}}),
  });
  const proxy = await startProxy(port);
  return {
    environment: {
      AWS_ENDPOINT_URL: proxy.url,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: REGION,
      AWS_DEFAULT_REGION: REGION,
      AWS_EC2_METADATA_DISABLED: 'true',
    },
    async close() {
      await proxy.close();
      if (server.exitCode === null) {
        server.kill();
        await once(server, 'exit');
      }
      await rm(home, {recursive: true, force: true});
    },
  };
}

/**
 * CDK names a template by an address made from the endpoint's host name, in which moto does not find the
 * bucket. The proxy rewrites it to the form of S3's addresses.
 */
async function startProxy(port: number): Promise<{url: string; close(): Promise<void>}> {
  const server = createServer(async (incoming, outgoing) => {
    const text = (await buffer(incoming)).toString('latin1');
    const body = text.replace(/(?<=\bTemplateURL=)[^&]+/, (address) =>
      encodeURIComponent(`https://s3.amazonaws.com${new URL(decodeURIComponent(address)).pathname}`),
    );
    const {method, url, headers} = incoming;
    const {'transfer-encoding': _, expect: __, ...rest} = headers;
    const options = {host: '127.0.0.1', port, method, path: url, agent: false as const};
    const sent = request({...options, headers: {...rest, 'content-length': body.length}}, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    sent.on('error', () => outgoing.destroy());
    sent.end(body, 'latin1');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const {port} = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function answers(url: string): Promise<void> {
  for (let tries = 0; tries < 120; tries++) {
    if (
      await fetch(url).then(
        ({ok}) => ok,
        () => false,
      )
    )
      return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error(`${url} does not answer.`);
}
