import {once} from 'node:events';
import {createServer, type IncomingHttpHeaders, request as send} from 'node:http';
import type {AddressInfo, Socket} from 'node:net';
import {buffer} from 'node:stream/consumers';

/** A server's answer to a request, in one part. */
export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** Bytes of the body after which the connection is cut, though all of them were announced. */
  cutAfter?: number;
}

/** A request on its way through a proxy. */
export interface Exchange {
  method: string;
  /** Decoded, without the query. */
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** Has the server behind the proxy answer it, or another body in its place. Each call is another request to it. */
  forward(other?: Buffer): Promise<Answer>;
  /** Fires when the client is gone. */
  gone: AbortSignal;
}

/** The fate of a request: an answer, or a connection that is reset without one. */
export type Disturbance = (exchange: Exchange) => Promise<Answer | 'reset'>;

/** Which requests a disturbance is for. */
export type Matcher = (exchange: Exchange) => boolean;

/** Something that waits for what it is to disturb. */
export interface Trap {
  /** How often it disturbed something so far. */
  hits(): number;
  /** Resolves when it does so for the first time. */
  met: Promise<unknown>;
}

/** One line of what a proxy has seen. */
export interface Passed {
  exchange: Exchange;
  /** The caller's answer: a status, or a reset. */
  told: number | 'reset';
}

/** An HTTP server that passes requests on to another one, unless a disturbance matches. */
export interface FaultProxy {
  url: string;
  /** Every request that was answered, in the order of the answers. */
  passed: Passed[];
  /**
   * Disturbs the `first` to the `last` of the requests that match (from 1 on; by default the first alone).
   */
  disturb(when: Matcher, what: Disturbance, times?: {first?: number; last?: number}): Trap;
  /** Ends all disturbances. */
  calm(): void;
  close(): Promise<void>;
}

/** The settings of a proxy. */
export interface ProxyOptions {
  /** `http://host:port` of the server behind it; asked for when a request comes. */
  target: () => string;
  /** Stands between the rules and the server, for what the server cannot do. */
  through?: (exchange: Exchange, next: () => Promise<Answer>) => Promise<Answer>;
}

/** Starts a proxy on a free port of 127.0.0.1. */
export async function startProxy({target, through = (_, next) => next()}: ProxyOptions): Promise<FaultProxy> {
  const rules: ((exchange: Exchange) => Disturbance | undefined)[] = [];
  const passed: Passed[] = [];

  const server = createServer(async (request, response) => {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    try {
      const body = await buffer(request);
      const {method = 'GET', url = '/', headers} = request;
      const {pathname, searchParams} = new URL(url, 'http://proxy');
      const plain = {method, path: decodeURIComponent(pathname), query: searchParams, headers, body};
      const exchange: Exchange = {
        ...plain,
        gone: gone.signal,
        forward: (other = body) => {
          const length = body === other ? {} : {'content-length': String(other.length)};
          const sent = {method, url, headers: {...headers, ...length}, body: other};
          return through(exchange, () => forward({...sent, target: target()}));
        },
      };
      const disturbance = rules.map((rule) => rule(exchange)).find(Boolean);
      const answer = await (disturbance ? disturbance(exchange) : exchange.forward());
      passed.push({exchange, told: answer === 'reset' || gone.signal.aborted ? 'reset' : answer.status});
      if (answer === 'reset') return reset(request.socket);
      response.writeHead(answer.status, answer.headers);
      if (answer.cutAfter === undefined) return void response.end(answer.body);
      response.write(answer.body.subarray(0, answer.cutAfter), () => reset(request.socket));
    } catch {
      // A server or a caller that is gone looks to the other one as it would without a proxy.
      reset(request.socket);
    }
  }).listen(0, '127.0.0.1');
  // An idle connection may be closed just as a request uses it; here only the tests make faults.
  server.keepAliveTimeout = 0;
  await once(server, 'listening');

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    passed,
    disturb(when, what, {first = 1, last = first} = {}) {
      const {promise: met, resolve} = Promise.withResolvers<Exchange>();
      let [matched, hits] = [0, 0];
      rules.push((exchange) => {
        if (!when(exchange)) return undefined;
        matched += 1;
        if (matched < first || matched > last) return undefined;
        hits += 1;
        resolve(exchange);
        return what;
      });
      return {hits: () => hits, met};
    },
    calm: () => void rules.splice(0),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const reset = (socket: Socket) => void socket.resetAndDestroy();

async function forward(
  options: Pick<Exchange, 'method' | 'headers' | 'body'> & {url: string; target: string},
): Promise<Answer> {
  const {method, url, body, target} = options;
  // Host stays as it came: it is signed. The body is here already, so the expectation has no use.
  const {expect: _, connection: __, ...headers} = options.headers;
  const {hostname, port} = new URL(target);
  const sent = send({hostname, port, path: url, method, headers, agent: false});
  sent.end(body);
  const [response] = await once(sent, 'response');
  const {'transfer-encoding': ___, connection: ____, ...rest} = response.headers as IncomingHttpHeaders;
  return {status: response.statusCode ?? 502, headers: rest, body: await buffer(response)};
}
