import {Agent} from 'node:http';
import {shownAddress} from '../address.ts';
import {RenderError} from '../errors.ts';
import type {Border, Refused} from './border.ts';

/** A way out for programs that are not ours, of which each connection is checked. */
export interface BorderProxy extends AsyncDisposable {
  /** `http://127.0.0.1:<port>` */
  address: string;
  /** Each is called for every refusal, before the proxy answers the client. */
  readonly listeners: Set<(error: RenderError) => void>;
  /** Whether a client has connected to it. */
  readonly used: boolean;
  close(): Promise<void>;
}

/** How a proxy is started. */
export interface ProxyOptions {
  border: Border;
  /** Bytes that one connection may bring. */
  maxBytes: number;
}

/** Milliseconds between two looks at what connections have brought. */
const LOOK_EVERY = 500;

/** Starts a proxy on loopback for what a browser, or another program, asks for by itself. */
export async function startProxy({border, maxBytes}: ProxyOptions): Promise<BorderProxy> {
  // Loaded here only, where a browser is started.
  const {RequestError, Server} = await import('proxy-chain');
  const listeners = new Set<(error: RenderError) => void>();
  // A separate agent: a connection that other code has opened and kept was never checked.
  const httpAgent = new Agent({keepAlive: true});
  const tell = (host: string, reason: string) => {
    const message = `${host} was refused: ${reason}.`;
    const error = new RenderError('MediaFailed', message);
    for (const listener of listeners) listener(error);
    return new RequestError(message, 403);
  };
  const server = new Server({
    host: '127.0.0.1',
    port: 0,
    prepareRequestFunction: ({hostname, port: given, isHttp, request}) => {
      const port = Number(given);
      const host = hostname.replace(/^\[|\]$/g, '');
      const shown = isHttp ? shownAddress(request.url ?? '') : `${hostname}:${port}`;
      const refused = border.literalRefusal({host, port});
      if (refused) throw tell(shown, refused.message);
      const onRefused = ({message}: Refused) => void tell(shown, message);
      return {dnsLookup: border.lookup(port, onRefused) as never, httpAgent};
    },
  });
  let used = false;
  server.server.on('connection', () => {
    used = true;
  });
  await server.listen();
  const look = setInterval(() => {
    for (const id of server.getConnectionIds()) {
      const {trgRxBytes} = server.getConnectionStats(id) ?? {};
      if ((trgRxBytes ?? 0) <= maxBytes) continue;
      tell('A connection of the page', `it has brought more than ${Math.floor(maxBytes / 1e6)} MB`);
      server.closeConnection(id);
    }
  }, LOOK_EVERY).unref();
  let closing: Promise<void> | undefined;
  const close = () => {
    clearInterval(look);
    httpAgent.destroy();
    closing ??= server.close(true);
    return closing;
  };
  return {
    address: `http://127.0.0.1:${server.port}`,
    listeners,
    get used() {
      return used;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
