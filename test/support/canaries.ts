import {createSocket} from 'node:dgram';
import {once} from 'node:events';
import {mkdirSync, readdirSync, symlinkSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {join} from 'node:path';
import {execa} from 'execa';

/** The secrets of the test: credentials in the environment, and the content of a file outside a project. */
export const SECRETS = {
  AWS_ACCESS_KEY_ID: 'canary-access-key-id',
  AWS_SECRET_ACCESS_KEY: 'canary-secret-access-key',
  AWS_SESSION_TOKEN: 'canary-session-token',
  REVIDEO_HTTP_SECRET: 'canary-http-secret',
};
/** The content of a file outside a project. */
export const FILE_SECRET = 'canary-content-of-a-file';
/** The end of a presigned address. */
export const SIGNATURE = 'canary-signature';

/** Whether a text contains one of the secrets. */
export const tellsASecret = (words: string): boolean => words.includes('canary-');

/** Servers of this machine that a film must not reach, over TCP and UDP. */
export interface Canaries extends AsyncDisposable {
  /** `127.0.0.1:<port>` */
  host: string;
  port: number;
  /** Connections and datagrams that have come. */
  reached: () => number;
}

/** Starts to listen on loopback, in both kinds of address. */
export async function startCanaries(): Promise<Canaries> {
  let reached = 0;
  const listen = async (address: string, port: number) => {
    const server = createServer((_, response) => void response.writeHead(200).end(FILE_SECRET));
    server.on('connection', () => reached++);
    await once(server.listen(port, address), 'listening');
    return server;
  };
  const server = await listen('127.0.0.1', 0);
  const {port} = server.address() as AddressInfo;
  const second = await listen('::1', port).catch(() => undefined);
  const udp = createSocket('udp4').bind(port, '127.0.0.1');
  udp.on('message', () => reached++);
  await once(udp, 'listening');
  return {
    host: `127.0.0.1:${port}`,
    port,
    reached: () => reached,
    async [Symbol.asyncDispose]() {
      udp.close();
      for (const one of [server, second]) one?.closeAllConnections();
      for (const one of [server, second]) one?.close();
    },
  };
}

/** Puts a file with a secret beside a project, and into its `public/` what must not be read. */
export async function hostilePublic(folder: string): Promise<void> {
  const outside = join(folder, 'outside');
  const files = join(folder, 'project/public');
  mkdirSync(outside);
  mkdirSync(files);
  for (const path of [join(outside, 'secret.txt'), join(folder, 'project/beside.txt')]) {
    writeFileSync(path, FILE_SECRET);
  }
  writeFileSync(join(files, 'words.txt'), 'words');
  symlinkSync(join(outside, 'secret.txt'), join(files, 'link.txt'));
  symlinkSync(outside, join(files, 'linked'));
  symlinkSync('/dev/zero', join(files, 'zero.mp3'));
  symlinkSync(files, join(files, 'around'));
  await execa('mkfifo', [join(files, 'pipe.mp3')]);
  const list = `#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nfile://${outside}/secret.txt\n#EXT-X-ENDLIST\n`;
  writeFileSync(join(files, 'list.m3u8'), list);
  writeFileSync(join(files, 'list.mp3'), list);
  writeFileSync(join(files, 'concat.mp3'), `ffconcat version 1.0\nfile ${outside}/secret.txt\n`);
}

/** Has every program that runs on Node, started from here on with our environment, leave that in a folder. */
export function spyOnNode(folder: string): {options: string; seen: () => string[]} {
  const spy = join(folder, 'spy.cjs');
  const script = `require('node:fs').writeFileSync(${JSON.stringify(folder)} + '/env-' + process.pid, JSON.stringify(process.env))`;
  writeFileSync(spy, script);
  return {
    options: `--require=${spy}`,
    seen: () => readdirSync(folder).filter((name) => name.startsWith('env-')),
  };
}
