import type {LogPayload, Project} from '@revideo/core';
import {shownAddress} from './addresses.ts';
import {findRefusal, isRerouted, MediaFailure, reroute, throughServer} from './remote.ts';

/** What went wrong in the page, in a form that crosses into Node. */
export interface PageFailure {
  kind: 'scene' | 'media' | 'project';
  message: string;
  stack?: string;
  /** Where the film was. */
  scene?: string;
  frame?: number;
}

/** What Node gets back from the page. */
export type PageAnswer<T> = {ok: T} | {failure: PageFailure};

type Position = () => {scene: string; frame: number} | undefined;

let report: (failure: PageFailure) => void = () => {};
let position: Position = () => undefined;

/** Runs `work`; ends at once when a clip, the scene's code or Revideo itself reports an error meanwhile. */
export async function guarded<T>(where: Position, work: () => Promise<T>): Promise<PageAnswer<T>> {
  position = where;
  const failed = new Promise<PageAnswer<T>>((resolve) => {
    report = (failure) => resolve({failure});
  });
  const done = work().then(
    (ok) => ({ok}),
    (error: unknown) => ({failure: describe(error)}),
  );
  return Promise.race([done, failed]);
}

function describe(thrown: unknown): PageFailure {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const kind = error instanceof MediaFailure ? 'media' : 'scene';
  return {kind, message: error.message, ...(error.stack && {stack: error.stack}), ...position()};
}

/** Hears every error that Revideo or the browser would only write down. */
export function listenForFailures(project: Project): void {
  project.logger.onLogged.subscribe(({level, message, stack}: LogPayload) => {
    if (level === 'error') report({kind: 'scene', message, ...(stack && {stack}), ...position()});
  });
  addEventListener('error', ({error, message}) => report(describe(error ?? message)));
  addEventListener('unhandledrejection', ({reason}) => report(describe(reason)));

  // Revideo waits for ever for a clip or a sound that cannot be loaded, and does not name a picture that cannot; so
  // every element is born with a listener, which comes before Revideo's.
  const createElement = document.createElement.bind(document);
  document.createElement = ((name: string, options?: ElementCreationOptions) => {
    const element = createElement(name, options);
    if (element instanceof HTMLMediaElement || element instanceof HTMLImageElement) {
      reroute(element);
      watch(element);
    }
    return element;
  }) as typeof document.createElement;
}

/** Seconds in which a server has to say something about a clip, a sound or a picture. */
const ANSWER_SECONDS = 30;

function watch(element: HTMLMediaElement | HTMLImageElement): void {
  const fail = (reason: string) => {
    const message = `${shownAddress(element.src) || 'A clip without an address'} cannot be read: ${reason}.`;
    report({kind: 'media', message, ...position()});
  };
  element.addEventListener('error', async (event) => {
    event.stopImmediatePropagation();
    fail(await findReason(element));
  });
  setTimeout(() => {
    const waits =
      element instanceof HTMLImageElement ? !element.complete : !element.error && element.readyState === 0;
    // Our server itself sees to the time that other servers take.
    if (element.src && waits && !isRerouted(element.src))
      fail(`its server has said nothing for ${ANSWER_SECONDS} s`);
  }, ANSWER_SECONDS * 1000);
}

/** The element itself calls a missing file a wrong format. */
async function findReason(element: HTMLMediaElement | HTMLImageElement): Promise<string> {
  const refusal = isRerouted(element.src) && (await findRefusal(element.src));
  if (refusal) return refusal;
  const signal = AbortSignal.timeout(ANSWER_SECONDS * 1000);
  const answer = await fetch(throughServer(element.src), {method: 'HEAD', signal}).catch(() => undefined);
  if (!answer) return 'no answer, or one without the CORS header Access-Control-Allow-Origin';
  if (!answer.ok) return `the server says ${answer.status}`;
  if (element instanceof HTMLMediaElement) return element.error?.message ?? 'not a known format';
  return `not a picture this browser can show (${answer.headers.get('content-type') ?? 'of no stated type'})`;
}
