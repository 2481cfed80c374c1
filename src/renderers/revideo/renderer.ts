import {z} from 'zod';
import {fullDiskError} from '../../base/disk.ts';
import {MAX_FRAMES, MAX_MEDIA_MB, MEDIA_TIMEOUT} from '../../base/media-limits.ts';
import {Border} from '../../base/network/border.ts';
import type {PrivateHost} from '../../base/network/private-hosts.ts';
import {sha256Hex} from '../../model/keys.ts';
import type {OnSceneLine} from '../../model/scene-line.ts';
import {segmentGrid} from '../../model/segments.ts';
import type {ProjectVariables} from '../../model/timeline.ts';
import type {TypeCheck} from '../../model/type-checks.ts';
import type {Renderer} from '../renderer.ts';
import {findBrowser} from './browser.ts';
import {bundleProject, readBundle} from './bundle.ts';
import {checkTimeline} from './check-timeline.ts';
import type {ViteConfigUse} from './compile/vite-config.ts';
import {serveMedia} from './media-server.ts';
import type {MissingFonts} from './page-requests.ts';
import {findProject} from './project.ts';
import {type Opened, renderSegments} from './render-segments.ts';
import {Session} from './session.ts';
import {unaskedWarnings} from './unasked-variables.ts';

/** Where a project is, and where what is made of it is kept. */
export interface RevideoOptions {
  project: string;
  bundle?: string | undefined;
  cache: string;
  /** How to treat type errors; as warnings if left out. */
  typeCheck?: TypeCheck | undefined;
  /** Whether the project's own Vite settings are read; `auto` if left out. */
  viteConfig?: ViteConfigUse | undefined;
  mediaTimeout?: number | undefined;
  /** Hosts of private networks that the project may use; none by default. */
  privateHosts?: readonly PrivateHost[] | undefined;
  /** Megabytes that one file of another server may have. */
  maxMediaMb?: number | undefined;
  /** Frames that a film may have. */
  maxFrames?: number | undefined;
  /** How to treat a font or a style sheet that is not available; an error if left out. */
  missingFonts?: MissingFonts | undefined;
  /** Receives each line that the project's code writes to the console or to Revideo's logger; optional. */
  onLine?: OnSceneLine | undefined;
}

/** Our renderer, which can also list a project's variables. */
export type RevideoRenderer = Renderer & Required<Pick<Renderer, 'readVariables'>>;

/** Seconds in which a page is loaded, on a machine with much to do, besides those that other servers may take. */
const LOAD_SECONDS = 30;
/** Seconds without a drawn frame after which a page counts as hung. */
const STALL_SECONDS = 120;

/**
 * Draws a Revideo project: bundled once, played in a headless browser, encoded where it is drawn. It starts
 * nothing before the first task, and keeps everything for the next.
 *
 * @param project folder of the project
 * @param bundle folder of a compiled project, to be used in its place
 * @param cache folder for bundles and the unpacked browser
 * @param privateHosts what it may ask besides the internet
 * @param mediaTimeout seconds in which the server of a clip, a sound or a picture has to say something, 1 to 600
 */
export function revideoRenderer({
  project,
  bundle: compiled,
  cache,
  mediaTimeout = MEDIA_TIMEOUT,
  privateHosts,
  typeCheck,
  viteConfig,
  maxMediaMb = MAX_MEDIA_MB,
  maxFrames = MAX_FRAMES,
  missingFonts = 'error',
  onLine,
}: RevideoOptions): RevideoRenderer {
  const border = new Border({privateHosts});
  const maxBytes = maxMediaMb * 1e6;
  let opening: Promise<Opened> | undefined;
  const bundling = async () =>
    compiled
      ? readBundle(compiled)
      : bundleProject(await findProject(project), {cache, typeCheck, viteConfig});
  const open = () => {
    opening ??= (async () => {
      const [bundle, program] = await Promise.all([bundling(), findBrowser(cache)]);
      const server = await serveMedia(bundle, {timeoutSeconds: mediaTimeout, maxBytes, border});
      const session = new Session(program, {
        server,
        border,
        maxBytes,
        missingFonts,
        onLine,
        folder: bundle.folder,
        // A style sheet that is waited for is named before.
        loadSeconds: LOAD_SECONDS + mediaTimeout,
        // A medium that is waited for is named before the page counts as hung.
        stallSeconds: Math.max(STALL_SECONDS, mediaTimeout + LOAD_SECONDS),
      });
      return {bundle, server, session};
    })().catch((error: unknown) => {
      throw fullDiskError(error, cache);
    });
    // The cause of a failure may be gone before the next attempt.
    opening.catch(() => {
      opening = undefined;
    });
    return opening;
  };

  /** States of the project that were opened before, of which something may still be drawn. */
  const earlier: Opened[] = [];
  /** Takes up what was edited since the project was opened. */
  const reopen = async (opened: Opened) => {
    const {hash} = await bundling();
    if (hash === opened.bundle.hash || (await opening?.catch(() => undefined)) !== opened) return;
    opening = undefined;
    if (opened.session.isIdle) await close(opened);
    else earlier.push(opened);
  };

  return {
    async fingerprint({anew = false}) {
      const before = await opening?.catch(() => undefined);
      if (anew && before && !compiled) await reopen(before);
      const {hash} = (await open()).bundle;
      // A chunk that was drawn without its font is no chunk of a film that has to have it.
      return missingFonts === 'error' ? hash : sha256Hex(`${hash} ${missingFonts}`);
    },

    async plan(variables, {signal}) {
      const {bundle, session} = await open();
      const request = {variables, mediaTimeout, maxFrames};
      const missing = new Set<string>();
      const answer = await session.run({
        signal,
        given: variables,
        onWarning: (message) => missing.add(message),
        work: (page) => page.evaluate((request) => window.revideoLambda.plan(request), request),
      });
      const {given, ...timeline} = checkTimeline(answer, maxFrames);
      const unasked = await unaskedWarnings(given, bundle);
      const warnings = [...bundle.warnings, ...(timeline.warnings ?? []), ...missing, ...unasked];
      const {revideo} = bundle;
      return {
        ...timeline,
        segments: segmentGrid(timeline),
        ...(revideo && {revideo}),
        ...(warnings.length > 0 && {warnings}),
      };
    },

    async readVariables({signal}) {
      const {session} = await open();
      const request = {mediaTimeout, maxFrames};
      const said = await session.run({
        signal,
        work: (page) => page.evaluate((request) => window.revideoLambda.variables(request), request),
      });
      const json = z.record(z.string(), z.json());
      const found: ProjectVariables = z.object({own: json, asked: json}).parse(JSON.parse(said));
      return found;
    },

    render: (order, options) => renderSegments(order, {...options, open, mediaTimeout, maxFrames}),

    async locate(src) {
      if (/^data:/i.test(src)) return src;
      // Through our server, so that what the page has read is not fetched again.
      return (await open()).server.locate(src);
    },

    async close() {
      const opened = await opening?.catch(() => undefined);
      opening = undefined;
      for (const one of [...earlier.splice(0), ...(opened ? [opened] : [])]) await close(one);
    },
  };
}

async function close({session, server}: Opened): Promise<void> {
  await session.close();
  await server.close();
}
