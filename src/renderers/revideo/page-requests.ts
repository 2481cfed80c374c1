import type {CDPSession, Page, Protocol} from 'puppeteer-core';
import {shownAddress} from '../../base/address.ts';
import {RenderError} from '../../base/errors.ts';
import type {MediaServer} from './media-server.ts';
import {isRefused, toUnreadable} from './remote/unreadable.ts';

/** How to treat a font or a style sheet that is not available. */
export type MissingFonts = 'error' | 'warn';

/** A task in a document. */
export interface DocumentOrder {
  /** The document's name as a reader of other servers' files. */
  reader: string;
  missingFonts: MissingFonts;
  /** Called when the document cannot be drawn as its project means it. */
  onError: (error: RenderError) => void;
  /** Called with a sentence about something that is missing, and that the film does without. */
  onWarning: (message: string) => void;
}

/** A document at work. */
interface AtWork extends DocumentOrder {
  /** Why files could not be read, by their addresses as a message may show them. */
  readonly unreadable: Map<string, string>;
}

/** The kinds of request that go through our server. All such files are small, and decide how a film looks. */
const TYPES = ['Stylesheet', 'Font', 'Script'] as const;

const ADVICE =
  'Put the file into public/, or see that its server answers; REVIDEO_MISSING_FONTS=warn renders without it.';

/**
 * Watches the requests that a tab's documents make by themselves. Our server reads style sheets, fonts and
 * scripts of other servers, however the project requests them, and the page does not notice. Each document
 * sees one version of a file, and this class knows which it has seen. Nothing else is stopped on its way.
 *
 * It uses `Fetch.enable` of the Chrome DevTools Protocol, whose `continueRequest` hides the other address.
 */
export class PageRequests {
  readonly #devtools: CDPSession;
  readonly #server: MediaServer;
  /** Undefined between two tasks. */
  #document: AtWork | undefined;

  private constructor(devtools: CDPSession, server: MediaServer) {
    this.#devtools = devtools;
    this.#server = server;
  }

  /** Starts to watch an empty tab. */
  static async watch(page: Page, server: MediaServer): Promise<PageRequests> {
    const devtools = await page.createCDPSession();
    const requests = new PageRequests(devtools, server);
    devtools.on('Fetch.requestPaused', (paused) => void requests.#answer(paused));
    await devtools.send('Fetch.enable', {
      patterns: [
        ...TYPES.map((resourceType) => ({urlPattern: '*', resourceType, requestStage: 'Request' as const})),
        ...(['Stylesheet', 'Font'] as const).map((resourceType) => ({
          urlPattern: `${server.origin}/*`,
          resourceType,
          requestStage: 'Response' as const,
        })),
      ],
    });
    await page.exposeFunction('unreadableFiles', () => requests.sentences());
    await page.exposeFunction('reportFonts', (families: string[]) => requests.#fontsFailed(families));
    return requests;
  }

  /** Begins a new document. */
  begin(order: DocumentOrder): void {
    this.#document = {...order, unreadable: new Map()};
  }

  /** Ends the document's task: its further requests are refused silently. */
  end(): void {
    this.#document = undefined;
  }

  /** A sentence for each file that could not be read. */
  sentences(): string[] {
    const unreadable = this.#document?.unreadable ?? [];
    return [...unreadable].map(([name, reason]) => `${name} cannot be read: ${reason}.`);
  }

  async #answer(paused: Protocol.Fetch.RequestPausedEvent): Promise<void> {
    const {requestId, responseStatusCode: status, responseErrorReason} = paused;
    // The one that asks: by the time of the answer another may be at work.
    const document = this.#document;
    try {
      if (!document) return await this.#refuse(requestId, 'Aborted');
      if (status === undefined && responseErrorReason === undefined) return await this.#ask(paused, document);
      if ((status ?? 0) >= 400)
        fail(paused, {document, server: this.#server, reason: `the server says ${status}`});
      await this.#devtools.send('Fetch.continueRequest', {requestId});
    } catch {
      // The page has gone, or no longer wants the file.
    }
  }

  async #refuse(requestId: string, errorReason: Protocol.Network.ErrorReason): Promise<void> {
    await this.#devtools.send('Fetch.failRequest', {requestId, errorReason});
  }

  async #ask(paused: Protocol.Fetch.RequestPausedEvent, document: AtWork): Promise<void> {
    const {requestId, request} = paused;
    const read = await this.#read(request, document).catch((error: unknown) => {
      const {message: reason} = toUnreadable(error);
      fail(paused, {document, server: this.#server, reason, isForbidden: isRefused(error)});
    });
    if (!read) await this.#refuse(requestId, 'Failed');
    else if (read.moved) {
      // The page has to know: addresses in a style sheet are relative to where it is.
      const responseHeaders = [
        {name: 'location', value: read.moved},
        {name: 'access-control-allow-origin', value: '*'},
      ];
      await this.#devtools.send('Fetch.fulfillRequest', {requestId, responseCode: 302, responseHeaders});
    } else await this.#devtools.send('Fetch.continueRequest', {requestId, ...read});
  }

  async #read(
    {url, headers}: Protocol.Network.Request,
    {reader}: AtWork,
  ): Promise<{url?: string; moved?: string}> {
    const userAgent = Object.entries(headers).find(([name]) => name.toLowerCase() === 'user-agent')?.[1];
    const read = await this.#server.read(reader, url, userAgent);
    if (!read) return {};
    const {href} = new URL(read.address);
    return href === new URL(url.split('#')[0] ?? url).href ? {url: read.url} : {moved: href};
  }

  #fontsFailed(families: string[]): void {
    if (!this.#document) return;
    const names = families.map((family) => `"${family.slice(0, 100)}"`).join(', ');
    const reasons = this.sentences().join(' ') || 'None of its files is a font that this browser can read.';
    missing(`The font ${names} cannot be used. ${reasons}`, this.#document);
  }
}

/** A failed request of a document. */
interface Failed {
  document: AtWork;
  server: MediaServer;
  reason: string;
  isForbidden?: boolean;
}

function fail(
  {resourceType, request}: Protocol.Fetch.RequestPausedEvent,
  {document, server, reason, isForbidden = false}: Failed,
): void {
  const name = shownAddress(request.url).replace(server.origin, '');
  document.unreadable.set(name, reason);
  const sentence = `${name} cannot be read: ${reason}.`;
  // A font may have another file; the page says so if it has none.
  if (isForbidden) document.onError(new RenderError('MediaFailed', sentence));
  else if (resourceType === 'Stylesheet') missing(`The style sheet ${sentence}`, document);
  else if (resourceType === 'Script') document.onWarning(`The script ${sentence}`);
}

function missing(message: string, {missingFonts, onError, onWarning}: AtWork): void {
  if (missingFonts === 'warn') onWarning(message);
  else onError(new RenderError('MediaFailed', `${message} ${ADVICE}`));
}
