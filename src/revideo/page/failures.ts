import type {LogPayload, Project} from '@revideo/core';

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
  return {kind: 'scene', message: error.message, ...(error.stack && {stack: error.stack}), ...position()};
}

/** Hears every error that Revideo or the browser would only write down. */
export function listenForFailures(project: Project): void {
  project.logger.onLogged.subscribe(({level, message, stack}: LogPayload) => {
    if (level === 'error') report({kind: 'scene', message, ...(stack && {stack}), ...position()});
  });
  addEventListener('error', ({error, message}) => report(describe(error ?? message)));
  addEventListener('unhandledrejection', ({reason}) => report(describe(reason)));

  // Revideo waits for ever for a clip or a sound that cannot be loaded; so every element is born with a listener.
  const createElement = document.createElement.bind(document);
  document.createElement = ((name: string, options?: ElementCreationOptions) => {
    const element = createElement(name, options);
    if (element instanceof HTMLMediaElement) {
      element.addEventListener('error', async () => {
        const message = `${element.src || 'A clip without an address'} cannot be read: ${await reason(element)}.`;
        report({kind: 'media', message, ...position()});
      });
    }
    return element;
  }) as typeof document.createElement;
}

/** The element itself calls a missing file a wrong format. */
async function reason(element: HTMLMediaElement): Promise<string> {
  const answer = await fetch(element.src, {method: 'HEAD'}).catch(() => undefined);
  if (!answer) return 'no answer, or one without the CORS header Access-Control-Allow-Origin';
  return answer.ok ? (element.error?.message ?? 'not a known format') : `the server says ${answer.status}`;
}
