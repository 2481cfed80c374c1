import {rm} from 'node:fs/promises';
import {join} from 'node:path';
import {RenderError} from '../errors.ts';
import type {Renderer} from '../renderer.ts';
import {findBrowser} from './browser.ts';
import {type Bundle, bundleProject, readBundle} from './bundle.ts';
import {type MediaServer, serveMedia} from './media-server.ts';
import {findProject} from './project.ts';
import type {RemoteMediaOptions} from './remote/remote-media.ts';
import {Session} from './session.ts';

/** Where a project is, and where what is made of it is kept. */
export interface RevideoOptions {
  project: string;
  bundle?: string | undefined;
  cache: string;
  /** How other servers' media are fetched. */
  remote?: RemoteMediaOptions | undefined;
}

/**
 * Draws a Revideo project: bundled once, played in a headless browser, encoded where it is drawn.
 * Nothing is started before the first piece of work, and everything is kept for the next.
 *
 * @param project folder of the project
 * @param bundle folder of a compiled project, to be used in its place
 * @param cache folder for bundles and the unpacked browser
 */
export function revideoRenderer({project, bundle: compiled, cache, remote}: RevideoOptions): Renderer {
  let opening: Promise<{bundle: Bundle; server: MediaServer; session: Session}> | undefined;
  const open = () => {
    opening ??= (async () => {
      const bundling = async () =>
        compiled ? readBundle(compiled) : bundleProject(await findProject(project), cache);
      const [bundle, program] = await Promise.all([bundling(), findBrowser(cache)]);
      return {bundle, server: await serveMedia(bundle, remote), session: new Session(program)};
    })();
    // What failed once may be mended before the next try.
    opening.catch(() => {
      opening = undefined;
    });
    return opening;
  };

  return {
    async fingerprint() {
      return (await open()).bundle.hash;
    },

    async plan(variables, {signal}) {
      const {server, session} = await open();
      return session.run(server, {
        signal,
        work: (page) => page.evaluate((request) => window.revideoLambda.plan(request), {variables}),
      });
    },

    async renderChunk({start, end, variables, frameHashes = false}, {directory, signal, onFrames}) {
      const {server, session} = await open();
      const path = join(directory, `${start}-${end}.h264`);
      // Bytes are added as they come: what an earlier try has left must not come before them.
      await rm(path, {force: true});
      const output = server.receive(path);
      try {
        const {frames, hashes} = await session.run(server, {
          signal,
          onFrames,
          work: (page) => {
            const request = {variables, start, end, frameHashes, output: output.path};
            return page.evaluate((request) => window.revideoLambda.render(request), request);
          },
        });
        return {path, frames, ...(frameHashes && {hashes})};
      } finally {
        output.stop();
      }
    },

    async locate(src) {
      if (/^data:/i.test(src)) return src;
      const {bundle, server} = await open();
      // Through our server, so that what the page has read is not fetched again.
      if (/^https?:/i.test(src)) return server.locate(src);
      const path = URL.canParse(src, 'http://public/') ? publicPath(src, bundle.publicFolder) : undefined;
      if (!path) throw new RenderError('MediaFailed', `${src} is not a file of the project's public folder.`);
      return path;
    },

    async close() {
      const opened = await opening?.catch(() => undefined);
      opening = undefined;
      await opened?.session.close();
      await opened?.server.close();
    },
  };
}

/** The file an address of the project stands for; undefined if it lies elsewhere. */
function publicPath(src: string, folder: string): string | undefined {
  const {pathname} = new URL(src, 'http://public/');
  try {
    const path = join(folder, decodeURIComponent(pathname));
    return path.startsWith(join(folder, '/')) ? path : undefined;
  } catch {
    // A % that stands for nothing: no address of ours.
    return undefined;
  }
}
