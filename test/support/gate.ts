import {once} from 'node:events';
import {type AddressInfo, connect, createServer, type Server, type Socket} from 'node:net';

/** A port that leads to a server, and that can be closed: connections are then reset, and new ones refused. */
export interface Gate {
  url: string;
  shut(): Promise<void>;
  /** Opens it again under the same address. */
  open(): Promise<void>;
}

/** Opens a gate on a free port of 127.0.0.1 to a server at `http://host:port`. */
export async function startGate(target: string): Promise<Gate> {
  const {hostname, port} = new URL(target);
  const sockets = new Set<Socket>();
  let server: Server;
  const listen = async (at: number) => {
    server = createServer((socket) => {
      const there = connect(Number(port), hostname);
      for (const one of [socket, there]) {
        sockets.add(one);
        one
          .on('error', () => {})
          .on('close', () => {
            sockets.delete(one);
            for (const other of [socket, there]) other.destroy();
          });
      }
      socket.pipe(there).pipe(socket);
    }).listen(at, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const at = await listen(0);
  return {
    url: `http://127.0.0.1:${at}`,
    async shut() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.resetAndDestroy();
      await closed;
    },
    async open() {
      await listen(at);
    },
  };
}
