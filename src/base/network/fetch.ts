import type {Agent, RequestInit, Response} from 'undici';
import type {Border} from './border.ts';

/** The parts of a request that a caller may set. */
type Asked = Pick<RequestInit, 'method' | 'headers' | 'body' | 'redirect' | 'signal'>;

/** `fetch` that does not leave a border, on no hop of a redirect. */
export interface BorderFetch {
  fetch(address: URL, request: Asked): Promise<Response>;
  /** Ends every connection. */
  close(): Promise<void>;
}

/** Milliseconds in which a connection is made. */
const CONNECT_TIMEOUT = 10_000;

/** Makes a `fetch` that rejects with a `TypeError` whose cause is `Refused` where it would leave the border. */
export function borderFetch(border: Border): BorderFetch {
  let opening: Promise<Agent> | undefined;
  return {
    async fetch(address, request) {
      // Loaded here only: it takes a tenth of a second of CPU, and many a film has no medium of another server.
      const {fetch} = await import('undici');
      opening ??= openAgent(border);
      return fetch(address, {...request, dispatcher: await opening});
    },
    close: async () => (await opening)?.destroy(),
  };
}

/** Every hop, also one behind a redirect, either has a connection that was checked already or gets one here. */
async function openAgent(border: Border): Promise<Agent> {
  const {Agent, buildConnector} = await import('undici');
  return new Agent({
    connect: (options, callback) => {
      const port = Number(options.port || (options.protocol === 'https:' ? 443 : 80));
      const host = options.hostname.replace(/^\[|\]$/g, '');
      const refused = border.literalRefusal({host, port});
      if (refused) return callback(refused, null);
      buildConnector({lookup: border.lookup(port), timeout: CONNECT_TIMEOUT})(options, callback);
    },
  });
}
