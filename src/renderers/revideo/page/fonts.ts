declare global {
  interface Window {
    /** Given by Node: fonts of these families were needed, and cannot be used. */
    reportFonts?: (families: string[]) => Promise<void>;
  }
}

/** Style sheets that are there, or have failed. */
const settled = new WeakSet<EventTarget>();
const links = document.getElementsByTagName('link');
const styles = document.getElementsByTagName('style');
/** `load` of fonts that a script has made, while it lasts. */
const loading = new Set<Promise<unknown>>();
/** Fonts that were looked at when they were loaded or had failed. */
const seen = new WeakSet<FontFace>();
/** Style sheets and fonts that have come, by what tells one from another: a scene that is played twice makes them twice. */
const known = new Set<string>();

/** Watches the document's fonts and style sheets. To be called before the project's own code runs. */
export function watchFonts(): void {
  const settle = ({target}: Event) => {
    if (target instanceof HTMLStyleElement || (target instanceof HTMLLinkElement && isSheet(target)))
      settled.add(target);
  };
  // These events do not bubble, but they can be caught on their way down.
  addEventListener('load', settle, true);
  addEventListener('error', settle, true);
  // A style sheet that the page itself links may have failed before.
  addEventListener('load', ({target}) => {
    if (target === document) for (const link of links) settled.add(link);
  });
  const {load} = FontFace.prototype;
  FontFace.prototype.load = function (this: FontFace) {
    const whole = load.call(this);
    loading.add(whole);
    const done = () => void loading.delete(whole);
    // The project's own promise reports the failure.
    whole.then(done, done);
    return whole;
  };
}

const isSheet = ({rel}: HTMLLinkElement): boolean => /\bstylesheet\b/i.test(rel);

/** Elements whose style sheets are on their way: links, and styles that import others. */
function pendingSheets(): Element[] {
  const isPending = (link: HTMLLinkElement) => isSheet(link) && !link.disabled && !!link.href && !link.sheet;
  return [...[...links].filter(isPending), ...[...styles].filter(hasPendingImport)].filter(
    (element) => !settled.has(element),
  );
}

function hasPendingImport({sheet}: HTMLStyleElement): boolean {
  for (const rule of sheet?.cssRules ?? []) {
    // Imports come before all other rules except the names of layers.
    if (rule instanceof CSSImportRule) {
      if (!rule.styleSheet) return true;
    } else if (!(rule instanceof CSSLayerStatementRule)) return false;
  }
  return false;
}

/**
 * Waits for all style sheets and fonts that are on their way. Returns the families and style sheets that have
 * arrived since the last call. Text that was measured meanwhile was measured in another font. Reports to Node
 * the fonts that were needed and cannot be used.
 */
export async function settleFonts(): Promise<string[]> {
  const news: string[] = [];
  for (;;) {
    const sheets = pendingSheets();
    if (sheets.length === 0 && document.fonts.status === 'loaded' && loading.size === 0) break;
    await Promise.allSettled([...sheets.map(settling), ...loading, document.fonts.ready]);
    // The project's own code runs first: it may use what has come, and so ask for more.
    await new Promise((resolve) => setTimeout(resolve));
    news.push(...sheets.map(nameOf).filter(isNew));
  }
  const failed = new Set<string>();
  for (const face of document.fonts) {
    showInTime(face);
    if (seen.has(face) || (face.status !== 'loaded' && face.status !== 'error')) continue;
    seen.add(face);
    if (face.status === 'error') failed.add(familyOf(face));
    const {family, style, weight, stretch, unicodeRange} = face;
    if (isNew(JSON.stringify([family, style, weight, stretch, unicodeRange]))) news.push(familyOf(face));
  }
  if (failed.size > 0) await window.reportFonts?.([...failed]);
  return news;
}

const familyOf = ({family}: FontFace): string => family.replace(/^["']|["']$/g, '');

const nameOf = (sheet: Element): string =>
  sheet instanceof HTMLLinkElement ? sheet.href : (sheet.textContent ?? '');

function isNew(name: string): boolean {
  if (known.has(name)) return false;
  known.add(name);
  return true;
}

function settling(element: Element): Promise<void> {
  return new Promise((resolve) => {
    for (const event of ['load', 'error']) element.addEventListener(event, () => resolve(), {once: true});
  });
}

/** A font that may come too late for a person to read in, `optional` or `fallback`, does not come too late for a film. */
function showInTime(face: FontFace): void {
  if (face.display === 'optional' || face.display === 'fallback') face.display = 'swap';
}
