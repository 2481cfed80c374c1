import {type Browser, type BrowserContext, launch} from 'puppeteer-core';
import {childEnvironment} from '../../base/child-environment.ts';
import {hideSecrets} from '../../base/hide-secrets.ts';
import type {BrowserProgram} from './browser.ts';
import {diedError} from './browser-error.ts';
import {withOneProcessor} from './one-processor.ts';

const FLAGS = [
  // A container's /dev/shm is 64 MB; frames are larger.
  '--disable-dev-shm-usage',
  // Canvas is drawn on the CPU, on every machine alike; through an emulated GPU it takes six times as long.
  '--disable-gpu',
  // WebGL is what the emulated GPU is for.
  '--enable-unsafe-swiftshader',
  // The same glyphs and colours on every machine.
  '--font-render-hinting=none',
  '--force-color-profile=srgb',
  // Clips start without a click, and nothing plays the sound.
  '--autoplay-policy=no-user-gesture-required',
  '--mute-audio',
  // A page that is not shown is not slowed down.
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
  // Turns off a process kept ready for a page that never comes, and documents kept for going back.
  '--disable-features=SpareRendererForSitePerProcess,BackForwardCache',
  // Nothing leaves the machine that the project did not ask for.
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--disable-sync',
  '--no-pings',
  '--no-first-run',
];

/** Chrome refuses to sandbox for root, and Lambda has no user namespaces; there the environment is the sandbox. */
const canSandbox = () => process.getuid?.() !== 0 && !process.env.AWS_LAMBDA_FUNCTION_NAME;

/** Where a browser's requests go. */
export interface Ways {
  /** Address of the proxy that checks all requests: `http://127.0.0.1:<port>`. */
  proxy: string;
  /** `host:port` of the one server that it may ask by itself. */
  server: string;
}

/**
 * For a browser that makes no requests, or whose tabs have their own proxies: a port where no program
 * listens.
 */
export const NO_WAYS: Ways = {proxy: 'http://127.0.0.1:9', server: '127.0.0.1:9'};

/**
 * Hosts that are reached without the proxy: one server. By itself a browser would exempt all of loopback and
 * of link-local.
 */
const direct = (server: string): string[] => ['<-loopback>', server];

/** Flags that leave a browser no way out but the proxy. */
const waysOut = ({proxy, server}: Ways): string[] => [
  `--proxy-server=${proxy}`,
  `--proxy-bypass-list=${direct(server).join(';')}`,
  // Also stops lookups of names for early connections and other requests that bypass the proxy.
  '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1, EXCLUDE localhost',
  // UDP knows no proxy.
  '--disable-quic',
  '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
  '--webrtc-ip-handling-policy=disable_non_proxied_udp',
];

/** The flags of every browser, our own and renderPartialVideo's. */
export const browserFlags = (ways: Ways): string[] => [
  ...FLAGS,
  ...waysOut(ways),
  ...(canSandbox() ? [] : ['--no-sandbox']),
];

/** Makes a browser context that has these ways in place of its browser's, and storage of its own. */
export const openContext = (browser: Browser, {proxy, server}: Ways): Promise<BrowserContext> =>
  browser.createBrowserContext({
    proxyServer: proxy,
    proxyBypassList: direct(server),
    downloadBehavior: {policy: 'deny'},
  });

/** How a browser is started. */
export interface StartOptions {
  /** A folder that it may fill. */
  profile: string;
  ways: Ways;
  /** Seconds in which it has to answer; 30 by default. */
  seconds?: number | undefined;
}

/**
 * Starts a browser. It ends with this process, however that ends, because the pipe between them closes.
 *
 * @throws `BrowserCrashed` if it does not come up in time, `DiskFailed` if that is because the disk is full.
 */
export async function startBrowser(
  program: BrowserProgram,
  {profile, ways, seconds = 30}: StartOptions,
): Promise<Browser> {
  // One that starts and never answers: puppeteer's own time limit knows only what a browser says in its first line.
  const late = new AbortController();
  const timer = setTimeout(
    () => late.abort(new Error(`It has not answered for ${seconds} s.`)),
    seconds * 1000,
  );
  const starting = withOneProcessor(
    () =>
      launch({
        executablePath: program.path,
        headless: 'shell',
        pipe: true,
        userDataDir: profile,
        protocolTimeout: 0,
        // No events about requests: they would carry the bytes of each frame.
        networkEnabled: false,
        downloadBehavior: {policy: 'deny'},
        // The program decides how it ends; puppeteer would leave at once and its files behind.
        handleSIGINT: false,
        handleSIGTERM: false,
        handleSIGHUP: false,
        timeout: seconds * 1000,
        signal: late.signal,
        args: browserFlags(ways),
        env: {...childEnvironment(), HOME: profile, TMPDIR: profile, LANG: 'C.UTF-8', ...program.environment},
      }),
    (browser) => browser.process()?.pid,
  );
  starting.catch(() => {});
  try {
    return await Promise.race([starting, rejection(late.signal)]);
  } catch (error) {
    const message = hideSecrets(error instanceof Error ? error.message : String(error));
    throw diedError(`The browser ${program.path} did not start. ${message}`, error);
  } finally {
    clearTimeout(timer);
  }
}

const rejection = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), {once: true}));
