import {once} from 'node:events';
import {createServer, type IncomingHttpHeaders, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {text} from 'node:stream/consumers';
import {onTestFinished} from 'vitest';
import type {WebhookEvent} from '../../src/apps/client/index.ts';

/** A message to a receiver. */
export interface Received {
  headers: IncomingHttpHeaders;
  body: string;
  event: WebhookEvent;
}

/** A server of one test that takes what is sent to it. */
export interface Receiver {
  url: string;
  /** As REVIDEO_PRIVATE_HOSTS names it. */
  host: string;
  received: Received[];
  /** Types of the messages, in order. */
  types(): string[];
  /** The messages about a job's end. */
  ends(): Received[];
}

/**
 * Starts a receiver. `answer` gets the number of earlier deliveries of the same message; without it the
 * receiver answers 204.
 */
export async function startReceiver(
  answer: (response: ServerResponse, which: number) => void = (response) => response.writeHead(204).end(),
): Promise<Receiver> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    received.push({headers: request.headers, body, event: JSON.parse(body || '{}')});
    answer(response, received.filter(({event}) => event.id === received.at(-1)?.event.id).length);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `http://${host}/hook?token=private`,
    host,
    received,
    types: () => received.map(({event}) => event.type),
    ends: () => received.filter(({event}) => event.type !== 'progress'),
  };
}
