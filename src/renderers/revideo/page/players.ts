/**
 * Players that load or are kept at a time. Chromium allows 1000 in a page, and one more fails to load ("error creating media
 * player"); a film may well have more clips and sounds.
 */
const [MOST, KEPT] = [300, 100];

/** Properties that Revideo and projects read from an element whose medium has loaded. */
const FACTS = [
  'duration',
  'videoWidth',
  'videoHeight',
  'readyState',
  'networkState',
  'currentSrc',
  'seekable',
] as const;

/** Elements that load, or have loaded and still have their player; these last ones with the oldest first. */
const loading = new Set<HTMLMediaElement>();
const loaded = new Set<HTMLMediaElement>();
/** Loads that start when there is room. */
const waiting = new Set<() => void>();

/**
 * Takes an element's player away once enough younger ones have loaded. Pictures and sounds are read
 * elsewhere; the element only describes its medium, and continues to do so. An element whose `src` is set
 * while too many load waits for its turn. Streams and blobs keep their player, because a script feeds them.
 */
export function sharePlayers(element: HTMLMediaElement): void {
  const {get, set} = Object.getOwnPropertyDescriptor(element, 'src') ?? {};
  if (!get || !set) throw new Error('An element shares its player after it was rerouted.');
  let begin: (() => void) | undefined;
  const leave = () => {
    if (begin) waiting.delete(begin);
    loading.delete(element);
    loaded.delete(element);
  };
  const describe = (value: unknown) => {
    leave();
    for (const fact of FACTS) Reflect.deleteProperty(element, fact);
    Object.defineProperty(element, 'src', {configurable: true, enumerable: true, get, set: describe});
    if (/^(?:blob|mediastream):/i.test(String(value)) || element.preload === 'none')
      return set.call(element, value);
    begin = () => {
      loading.add(element);
      set.call(element, value);
    };
    waiting.add(begin);
    goOn();
  };
  Object.defineProperty(element, 'src', {configurable: true, enumerable: true, get, set: describe});
  element.addEventListener('canplay', () => {
    if (!loading.delete(element)) return;
    loaded.add(element);
    goOn();
  });
  element.addEventListener('error', () => {
    leave();
    goOn();
  });
}

function goOn(): void {
  for (const element of loaded) {
    if (loaded.size <= KEPT) break;
    loaded.delete(element);
    takePlayer(element);
  }
  for (const begin of waiting) {
    if (loading.size + loaded.size >= MOST) break;
    waiting.delete(begin);
    begin();
  }
}

function takePlayer(element: HTMLMediaElement): void {
  const {set} = Object.getOwnPropertyDescriptor(element, 'src') ?? {};
  const {src} = element;
  for (const fact of FACTS) {
    const value: unknown = Reflect.get(element, fact);
    Object.defineProperty(element, fact, {configurable: true, get: () => value});
  }
  // It can seek at once, as one that has all there is.
  Object.defineProperty(element, 'readyState', {
    configurable: true,
    get: () => HTMLMediaElement.HAVE_ENOUGH_DATA,
  });
  Object.defineProperty(element, 'src', {
    configurable: true,
    enumerable: true,
    get: () => src,
    ...(set && {set}),
  });
  element.removeAttribute('src');
  element.load();
}
