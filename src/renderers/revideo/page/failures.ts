import type {LogPayload, Project} from '@revideo/core';
import {shownAddress} from '../../../base/address.ts';
import {addWarning} from './page-warnings.ts';
import {sharePlayers} from './players.ts';
import {findRefusal, isRerouted, MediaFailure, reroute, throughServer} from './remote.ts';
import {unreadFiles} from './requests.ts';
import {whyUnplayable} from './unplayable.ts';

/** A failure in the page, in a form that crosses into Node. */
export interface PageFailure {
  kind: 'scene' | 'media' | 'project';
  message: string;
  stack?: string;
  /** Where the film was. */
  scene?: string;
  frame?: number;
}

/** The page's answer to Node. */
export type PageAnswer<T> = {ok: T} | {failure: PageFailure};

/** How to report a failure, and which errors count as one. */
export interface Guard {
  /** Where the film is. */
  position: () => {scene: string; frame: number} | undefined;
  /** Seconds in which a server has to say something about a clip, a sound or a picture. */
  mediaTimeout: number;
}

let report: (failure: PageFailure, thrown?: unknown) => void = () => {};
let position: Guard['position'] = () => undefined;
/** Known with the first request; a project may make elements before. */
const {promise: mediaTimeout, resolve: setMediaTimeout} = Promise.withResolvers<number>();

/** Runs `work`; ends at once when a clip, the scene's code or Revideo itself reports an error meanwhile. */
export async function guarded<T>(guard: Guard, work: () => Promise<T>): Promise<PageAnswer<T>> {
  position = guard.position;
  setMediaTimeout(guard.mediaTimeout);
  let first: Promise<PageFailure> | undefined;
  const failed = new Promise<PageAnswer<T>>((resolve) => {
    report = (failure, thrown) => {
      first ??= explain(failure, thrown).catch(() => failure);
      void first.then((failure) => resolve({failure}));
    };
  });
  const done = work().then(
    async (ok): Promise<PageAnswer<T>> => {
      // The browser reports an unhandled rejection only when the running task ends.
      await new Promise((resolve) => setTimeout(resolve));
      return first ? failed : {ok};
    },
    (error: unknown) => {
      report(describe(error), error);
      return failed;
    },
  );
  return Promise.race([done, failed]);
}

function describe(thrown: unknown): PageFailure {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const kind = error instanceof MediaFailure ? 'media' : 'scene';
  return {kind, message: error.message, ...(error.stack && {stack: error.stack}), ...position()};
}

/** Listens for every error that Revideo or the browser would only log. */
export function listenForFailures(project: Project): void {
  project.logger.onLogged.subscribe((payload: LogPayload) => {
    const {level, message, stack} = payload;
    if (level === 'error') report({kind: 'scene', message, ...(stack && {stack}), ...position()}, payload);
  });
  addEventListener('error', ({error, message}) => report(describe(error ?? message), error));
  addEventListener('unhandledrejection', ({reason}) => report(describe(reason), reason));
}

/** Watches every clip, sound and picture that is made. To be called before the project's own code runs. */
export function watchElements(): void {
  // Revideo waits forever for a clip or a sound that cannot be loaded, and does not name a picture that
  // cannot. So every element gets a listener when it is created, before all others.
  const born = <T extends HTMLMediaElement | HTMLImageElement>(element: T): T => {
    reroute(element);
    if (element instanceof HTMLMediaElement) sharePlayers(element);
    watch(element);
    return element;
  };
  const createElement = document.createElement.bind(document);
  document.createElement = ((name: string, options?: ElementCreationOptions) => {
    const element = createElement(name, options);
    return element instanceof HTMLMediaElement || element instanceof HTMLImageElement
      ? born(element)
      : element;
  }) as typeof document.createElement;
  // `new Image()` and `new Audio()` make elements as well.
  window.Image = new Proxy(window.Image, {construct: (native, given) => born(new native(...given))});
  window.Audio = new Proxy(window.Audio, {
    construct: (native, [src]: [src?: string]) => {
      const element = born(new native());
      if (src !== undefined) element.src = src;
      return element;
    },
  });
}

/** Why pictures cannot be read, by their whole addresses. */
const unreadable = new Map<string, Promise<PageFailure>>();

/**
 * Revideo's error for a picture names it in its remarks only, and gives no reason. An error that has nothing
 * to do with a picture stays as it is: a project that handles a missing picture by itself continues.
 */
async function explain(failure: PageFailure, thrown: unknown): Promise<PageFailure> {
  const {remarks = ''} = (thrown ?? {}) as {remarks?: string};
  const src = between(remarks, ['<pre><code>', '</code></pre>']);
  const address = URL.canParse(src, location.href) ? new URL(src, location.href).href : src;
  const picture = await unreadable.get(address);
  if (picture) return picture;
  const {sentences, isMedia} = await unreadFiles(failure.message);
  if (!sentences) return failure;
  return {...failure, ...(isMedia && {kind: 'media'}), message: `${failure.message} ${sentences}`};
}

/** The text between the first `open` and the last `close`. */
function between(text: string, [open, close]: [open: string, close: string]): string {
  const begins = text.indexOf(open) + open.length;
  const ends = text.lastIndexOf(close);
  return begins >= open.length && ends >= begins ? text.slice(begins, ends) : '';
}

function watch(element: HTMLMediaElement | HTMLImageElement): void {
  const describeMedium = (reason: string): PageFailure => {
    const name = shownAddress(element.src) || 'A clip without an address';
    const message = emptyAddress(element) ?? `${name} cannot be read: ${reason}.`;
    return {kind: 'media', message, ...position()};
  };
  element.addEventListener('error', async () => {
    if (element instanceof HTMLImageElement && element.getAttribute('src') === '') {
      addWarning(NO_PICTURE);
      return;
    }
    const failure = findReason(element).then(describeMedium);
    if (element instanceof HTMLImageElement) unreadable.set(element.src, failure);
    else report(await failure);
  });
  const check = async () => {
    const seconds = await mediaTimeout;
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    const waits =
      element instanceof HTMLImageElement ? !element.complete : !element.error && element.readyState === 0;
    // Our server itself sees to the time that other servers take.
    if (element.src && waits && !isRerouted(element.src))
      report(describeMedium(`its server has said nothing for ${seconds} s`));
  };
  void check();
}

/** No error: Revideo draws nothing then, and projects leave an optional picture out in this way. */
const NO_PICTURE =
  'The src of an <Img> is empty, so that it shows nothing. Set it, or give the film the variable that it is read from.';

/** An element gives the page's own address in the place of an empty one; the film's author has never seen that. */
function emptyAddress(element: HTMLMediaElement | HTMLImageElement): string | undefined {
  if (element instanceof HTMLImageElement || element.getAttribute('src') !== '') return undefined;
  const node = element instanceof HTMLAudioElement ? '<Audio>' : '<Video>';
  return `The src of ${node} is empty. Set it, or give the film the variable that it is read from.`;
}

/** The element itself calls a missing file a wrong format. */
async function findReason(element: HTMLMediaElement | HTMLImageElement): Promise<string> {
  const refusal = isRerouted(element.src) && (await findRefusal(element.src));
  if (refusal) return refusal;
  const signal = AbortSignal.timeout((await mediaTimeout) * 1000);
  const answer = await fetch(throughServer(element.src), {method: 'HEAD', signal}).catch(() => undefined);
  if (!answer) return 'no answer, or one without the CORS header Access-Control-Allow-Origin';
  if (!answer.ok) return `the server says ${answer.status}`;
  if (element instanceof HTMLMediaElement) {
    const said = element.error?.message ?? 'not a known format';
    return (await whyUnplayable(element.src, {noneSupported: said.includes('NO_SUPPORTED_STREAMS')})) ?? said;
  }
  return `not a picture this browser can show (${answer.headers.get('content-type') ?? 'of no stated type'})`;
}
